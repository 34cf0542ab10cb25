"""Where calls may lead: judged at the moment of connecting, never redirected, never longer than allowed."""

import socket
import ssl
import time
from threading import Event, Thread

import pytest

from aims import outgoing
from aims.outgoing import Forbidden, check_url, post


def call(receiver):
    return post(receiver.url, b"{}", {"x-one": "1"})


def test_posts_the_bytes_and_tells_the_answer(receiver):
    receiver.answers = [(429, {"Retry-After": "7"})]
    answer = call(receiver)
    assert (answer.status, answer.wait) == (429, "7")
    headers, body = receiver.came[0]
    assert (headers["x-one"], body) == ("1", b"{}")


def test_follows_no_redirect(receiver):
    receiver.answers = [(302, {"Location": receiver.url})]
    assert call(receiver).status == 302
    assert len(receiver.came) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1]/",
        "http://example.com/",
        "ftp://example.com/",
        "https:///nowhere",
        "https://user:password@example.com/",
    ],
)
def test_refuses_what_is_no_public_address(settings, url):
    settings.WEBHOOK_PRIVATE = False
    with pytest.raises(Forbidden):
        check_url(url)
    with pytest.raises(Forbidden):
        post(url, b"", {})


@pytest.mark.parametrize("url", ["https://example.com/hook", "https://93.184.216.34/hook"])
def test_takes_public_addresses(settings, url):
    settings.WEBHOOK_PRIVATE = False
    check_url(url)


def test_private_is_private_alone_where_allowed():
    check_url("http://192.168.1.4/hook")
    with pytest.raises(Forbidden):
        check_url("http://224.0.0.1/")


def test_name_that_leads_inside_is_refused_when_it_is_called(settings, monkeypatch):
    """A name is judged by what it stands for now; what was judged is what is connected to."""
    settings.WEBHOOK_PRIVATE = False
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *a, **k: inside)
    with pytest.raises(Forbidden):
        post("https://example.com/hook", b"", {})


def test_one_bad_address_of_several_is_enough(settings, monkeypatch):
    settings.WEBHOOK_PRIVATE = False
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(Forbidden):
        post("https://example.com/hook", b"", {})


def test_second_address_is_tried_when_the_first_does_not_answer(receiver, monkeypatch):
    port = receiver.server.server_port
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", one)) for one in (1, port)]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *a, **k: found)
    assert call(receiver).status == 204


def test_nobody_listens(monkeypatch):
    with pytest.raises(OSError, match="refused"):
        post("http://127.0.0.1:1/", b"", {})
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *a, **k: [])
    with pytest.raises(OSError, match="no address"):
        post("http://localhost/", b"", {})


def test_slow_answer_ends_in_time(receiver, settings):
    settings.WEBHOOK_SECONDS, receiver.hold = 0.3, Event()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        call(receiver)
    assert time.monotonic() - began < 3


def test_answer_that_drips_ends_in_time(settings):
    """Each byte comes in time for the socket, the whole never does."""
    settings.WEBHOOK_SECONDS, over = 0.5, Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def drip():
        client, _address = listening.accept()
        with client:
            while not over.wait(0.1):
                try:
                    client.sendall(b"H")
                except OSError:
                    return

    Thread(target=drip, daemon=True).start()
    began = time.monotonic()
    try:
        with pytest.raises(TimeoutError):
            post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"", {})
    finally:
        over.set()
        listening.close()
    assert time.monotonic() - began < 3


def test_tls_asks_for_the_names_own_certificate(receiver, settings):
    """Whoever answers without TLS, or with another's certificate, gets nothing."""
    with pytest.raises(ssl.SSLError):
        post(receiver.url.replace("http://", "https://"), b"secret", {})
    assert receiver.came == []
