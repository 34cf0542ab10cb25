"""Fixtures by the real part they bring."""
