"""The product's main jobs from end to end, with every real part."""
