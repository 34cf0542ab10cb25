"""Pages of AI systems, their parts, components and suppliers."""
