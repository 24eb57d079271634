"""What can be found, how text is folded, and what comes first."""
