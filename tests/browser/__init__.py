"""The product in a real Chromium with a new profile."""
