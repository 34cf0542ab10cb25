"""Forms of audits. Pages show them; the API reads its bodies by them."""
