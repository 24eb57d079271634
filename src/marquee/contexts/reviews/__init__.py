"""What people think of movies: one review per person and movie."""
