"""What a session is, and the rules it must obey."""
