"""A real Chromium with a new profile for every test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "NO CHROMIUM: browser tests are skipped. Install chromium or set CHROMIUM to its path."


def executable() -> str:
    """Where Chromium is; "" when this machine has none."""
    named = os.environ.get("CHROMIUM", "")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
    return found if found and Path(found).exists() else ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium: skip with one loud line; with CI set: let the tests fail."""
    wanted = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    if wanted and not executable() and not os.environ.get("CI"):
        config.stash[_LOUD] = True
        for item in wanted:
            item.add_marker(pytest.mark.skip(reason=MISSING))


_LOUD = pytest.StashKey[bool]()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.stash.get(_LOUD, False) or (not executable() and not os.environ.get("CI")):
        terminalreporter.write_line(MISSING, red=True, bold=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Chromium itself, started once a process."""
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous interface runs an event loop in this thread; Django would refuse queries beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = executable()
    if not path:
        pytest.fail(MISSING)
    # Beside a running loop Django looks its connections up elsewhere: one that is open now would be lost to us.
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Window:
    """A page in a new profile, with everything that the browser complained about."""

    def __init__(self, page: Any, site: str) -> None:
        self.page, self.site, self.complaints = page, site, list[str]()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> Any:
        return self.page.goto(self.site + path)

    def sign_in(self, person: Any) -> None:
        """Sign in as a person without the form (the sign-in page has tests of its own)."""
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.site}])


@pytest.fixture
def window(chromium: Any, site: str) -> Iterator[Window]:
    """A window on the test's own site; the test fails when the browser complained."""
    yield from open_window(chromium, site)


def open_window(chromium: Any, site: str, **context: Any) -> Iterator[Window]:
    profile = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", **context)
    opened = Window(profile.new_page(), site)
    try:
        yield opened
    finally:
        profile.close()
    assert opened.complaints == []
