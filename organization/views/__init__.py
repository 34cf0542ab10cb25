"""Pages of people, units, roles, tokens and the own account."""
