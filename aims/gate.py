"""The web server's settings: it loads the program while the supervisor still prepares the database, and answers after.

Loading takes seconds, and so does preparing. Who asks meanwhile waits at the socket, which listens already.
"""

import os
from typing import Any

GATE = "AIMS_GATE"  # number of the pipe whose other end the supervisor closes


def on_starting(_server: Any) -> None:
    """gunicorn calls this when the program is loaded and before any worker starts."""
    gate = os.environ.get(GATE)
    if gate:
        os.read(int(gate), 1)
