"""Asks AIMS whether an AI system may be deployed."""
