"""Finding movies and people as one types, even with a letter wrong."""
