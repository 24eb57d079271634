"""People, their credentials, profiles, preferences and roles."""
