"""A whole instance copied from one shape to another: what is kept, not what can be built again."""
