"""Movies from elsewhere: the starter catalog, and files people bring."""
