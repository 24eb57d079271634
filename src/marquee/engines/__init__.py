"""How to talk to an engine, knowing nothing of movies."""
