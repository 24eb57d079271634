"""Movies, people, genres and platforms: what exists, what it is called, how it is rated."""
