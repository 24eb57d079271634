"""What people open in a browser: the pages, the readable API, the documentation, the health."""
