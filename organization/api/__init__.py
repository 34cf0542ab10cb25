"""People, units, roles and tokens through the API; signing in by token."""
