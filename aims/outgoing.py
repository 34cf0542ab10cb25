"""Calls to addresses outside: checked where they lead at the moment of connecting, no redirects, bounded in time.

The address is looked up once; what was looked at is what is connected to, so that a name which answers differently a
moment later leads nowhere else.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

READ_MOST = 4096  # bytes of an answer that are looked at
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Forbidden(Exception):
    """The address leads where this installation does not call."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, how long to wait when it says so, and the first bytes."""

    status: int
    wait: str
    text: str


def check_url(url: str) -> None:
    """Raises Forbidden with a sentence for an address that may never be called. Asks no name server."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Forbidden(_("Give an address that begins with https://."))
    if parts.scheme == "http" and not settings.WEBHOOK_PRIVATE:
        raise Forbidden(_("Without TLS nothing is sent: give an address that begins with https://."))
    if parts.username or parts.password:
        raise Forbidden(_("Leave user and password out of the address."))
    try:
        _judge(ipaddress.ip_address(parts.hostname))
    except ValueError:
        return  # a name: judged when it is called


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST once. Raises Forbidden, and OSError or HTTPException when nothing useful comes back in time."""
    check_url(url)
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection = _connection(parts.scheme, str(parts.hostname), parts.port)
    with _deadline(connection):
        connection.connect()
        connection.request("POST", target, body, {**headers, "Content-Length": str(len(body)), "Connection": "close"})
        with connection.getresponse() as response:
            text = response.read(READ_MOST).decode("utf-8", "replace")
            return Answer(response.status, response.headers.get("Retry-After", ""), text)


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return _Tls(host, port, timeout=settings.WEBHOOK_SECONDS, context=ssl.create_default_context())
    return _Plain(host, port, timeout=settings.WEBHOOK_SECONDS)


class _Plain(http.client.HTTPConnection):
    """Connects to the address that was judged."""

    def connect(self) -> None:
        self.sock = _connected(self.host, self.port, self.timeout)


class _Tls(http.client.HTTPSConnection):
    """The same; the certificate must be the name's."""

    def connect(self) -> None:
        plain = _connected(self.host, self.port, self.timeout)
        try:
            self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]
        except BaseException:
            plain.close()
            raise


def _connected(host: str, port: int, timeout: Any) -> socket.socket:
    """A socket to the first address that answers; none of them may be forbidden."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for _family, _kind, _protocol, _name, address in found:
        _judge(ipaddress.ip_address(str(address[0]).partition("%")[0]))
    error: OSError = ConnectionError(f"{host} has no address")
    for family, kind, protocol, _name, address in found:
        made = socket.socket(family, kind, protocol)
        made.settimeout(timeout)
        try:
            made.connect(address)
        except OSError as refused:
            made.close()
            error = refused
        else:
            return made
    raise error


def _judge(address: Any) -> None:
    inner = _inside(address)
    if settings.WEBHOOK_PRIVATE and (inner.is_private or inner.is_loopback):
        return
    if not inner.is_global or inner.is_multicast or inner.is_reserved:
        raise Forbidden(
            _("%(address)s is no public address; WEBHOOK_PRIVATE allows private ones.") % {"address": inner}
        )


def _inside(address: Any) -> Any:
    """The IPv4 address that an IPv6 address stands for, if it stands for one."""
    if address.version == 4:
        return address
    if address in _NAT64:
        return ipaddress.ip_address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


@contextmanager
def _deadline(connection: http.client.HTTPConnection) -> Iterator[None]:
    """End the whole call after WEBHOOK_SECONDS, also when the answer drips in byte by byte."""
    started = time.monotonic()
    timer = Timer(settings.WEBHOOK_SECONDS, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        if time.monotonic() - started >= settings.WEBHOOK_SECONDS:
            raise TimeoutError(
                _("No answer within %(seconds)g seconds.") % {"seconds": settings.WEBHOOK_SECONDS}
            ) from error
        raise
    finally:
        timer.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            sock.close()
