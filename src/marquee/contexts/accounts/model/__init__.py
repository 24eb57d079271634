"""What an account is, and the rules it must obey."""
