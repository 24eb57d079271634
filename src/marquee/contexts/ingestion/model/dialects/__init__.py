"""The tables that can be read, each in a module of its own."""
