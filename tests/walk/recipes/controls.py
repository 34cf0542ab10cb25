"""What rows of controls must be."""

# Kinds in the order in which they need each other.
ORDER = (("statement", 21),)
