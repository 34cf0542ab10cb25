"""The web process loads the program while the supervisor still prepares the database, and answers after.

Loading takes seconds, and so does preparing. Who asks meanwhile waits at the socket, which listens already.
"""

import os

GATE = "AIMS_GATE"  # number of the pipe whose other end the supervisor closes


def wait() -> None:
    """Until the supervisor opens; at once where nobody shut it."""
    gate = os.environ.get(GATE)
    if gate:
        os.read(int(gate), 1)
