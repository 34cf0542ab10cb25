"""How days, moments and numbers are written in each language; what is missing here is Django's own.

A browser's date field takes 2026-03-31 alone, so that form stands first among those that are read.
"""
