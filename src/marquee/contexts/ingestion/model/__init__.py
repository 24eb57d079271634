"""How the words and figures of other people's tables become ours."""
