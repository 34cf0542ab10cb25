"""What audits gives to the kernel and to the apps around it."""


def register() -> None:
    """Called once, when the models are there."""
