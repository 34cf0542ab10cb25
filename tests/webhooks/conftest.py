"""A receiver of our own on this machine: it answers as a test tells it and keeps what came."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from aims import webhooks
from tests.factories import person, root_unit

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass
class Receiver:
    """`answers` are given one after another, then 204; `hold` keeps an answer back until it is set."""

    server: Any
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook?of=aims"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listening.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if listening.hold is not None:
                listening.hold.wait(20)
            status, headers = listening.answers.pop(0) if listening.answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    listening = Receiver(server)
    thread = Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    yield listening
    if listening.hold is not None:
        listening.hold.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def private(settings: Any) -> None:
    """Loopback may be called here; answers are awaited for a second."""
    settings.WEBHOOK_PRIVATE, settings.WEBHOOK_SECONDS = True, 1.0


@pytest.fixture(autouse=True)
def noon(at: Any) -> Any:
    at(NOON)
    return at


@pytest.fixture
def manager(db: None) -> Any:
    return person("aims_manager", root_unit())


@pytest.fixture
def hook(manager: Any, receiver: Receiver) -> Any:
    """A webhook of the manager of everything that hears all there is."""
    made, secret = webhooks.set_up(
        by=manager, name="Ticket system", url=receiver.url, topics=list(webhooks.EVENTS), reason="pilot"
    )
    made.plain = secret
    return made
