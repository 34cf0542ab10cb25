"""The kit in a real browser: axe in both themes, a phone's width, keys, menus, pickers, drafts."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import expect

from tests.kit.samples import pages

pytestmark = pytest.mark.browser
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => (await axe.run(document, {runOnly: rules})).violations
    .map((found) => `${found.id}: ${found.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)"""
WITHOUT_DATABASE = ["django_htmx.middleware.HtmxMiddleware", "csp.middleware.CSPMiddleware"]


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def kit() -> Iterator[str]:
    """The sample pages over HTTP, under the product's own content security policy."""
    changes = {"ROOT_URLCONF": "tests.kit.urls", "MIDDLEWARE": WITHOUT_DATABASE, "TEMPLATES": _without_people()}
    with override_settings(**changes):
        server = make_server("localhost", 0, StaticFilesHandler(get_wsgi_application()), handler_class=Quiet)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        server.server_close()


def _without_people() -> list[dict[str, Any]]:
    (engine,) = settings.TEMPLATES
    options = {**engine["OPTIONS"], "context_processors": ["django.template.context_processors.request"]}
    return [{**engine, "OPTIONS": options}]


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """`tab(width=, dark=)`: a page in a new profile; the test fails when the browser complained about anything."""
    opened, complaints = [], list[str]()

    def make(width: int = 1280, dark: bool = False, **more: Any) -> Any:
        scheme = "dark" if dark else "light"
        profile = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        page = profile.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(profile)
        return page

    yield make
    for profile in opened:
        profile.close()
    assert complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_passes_axe(kit: str, tab: Any, dark: bool) -> None:
    page = tab(dark=dark, bypass_csp=True)
    found = {}
    for name in pages():
        page.goto(f"{kit}/show/{name}")
        page.add_script_tag(path=str(AXE))
        found[name] = page.evaluate(RUN, RULES)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_every_page_fits_a_phone(kit: str, tab: Any) -> None:
    page = tab(width=390)
    widths = {}
    for name in pages():
        page.goto(f"{kit}/show/{name}")
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in widths.items() if width > 390} == {}


def test_the_jump_box_opens_by_key_and_goes_where_the_arrow_points(kit: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{kit}/show/kit/register.html")
    page.keyboard.press("/")
    page.keyboard.type("fraud")
    page.locator(".jump-item").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/show/kit/record.html")


def test_single_keys_never_act_while_one_types_and_can_be_switched_off(kit: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{kit}/show/kit/register.html")
    search = page.locator("[data-register-search] input[type=search]")
    search.fill("")
    search.press("/")
    assert search.input_value() == "/"
    assert not page.locator("#jump").is_visible()
    search.blur()
    page.keyboard.press("?")
    page.get_by_text("Use single-key shortcuts in this browser").click()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert not page.locator("#jump").is_visible()
    page.keyboard.press("Control+k")
    assert page.locator("#jump").is_visible()


def test_rows_are_walked_and_opened_by_key(kit: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{kit}/show/kit/register.html")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/systems/SYS-0004/"


def test_one_menu_is_open_at_a_time_and_escape_closes_it(kit: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{kit}/show/kit/register.html")
    page.locator(".facet summary").first.click()
    page.locator("summary", has_text="Columns").click()
    assert page.locator("details.menu[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    assert page.evaluate("document.activeElement.textContent").strip() == "Columns"


def test_a_picker_searches_on_the_server_and_holds_the_reference(kit: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{kit}/form/")
    page.get_by_label("Name").fill("mira")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    assert page.get_by_label("Name").input_value() == "Mira Halvorsen"
    assert page.locator("input[name=title]").input_value() == "Mira"
    page.get_by_label("Name").fill("")
    page.get_by_label("Name").blur()
    expect(page.locator("input[name=title]")).to_have_value("")


def test_a_picker_of_several_adds_and_takes_away(kit: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{kit}/form/")
    field = page.get_by_role("combobox", name="Purpose")
    for name in ("mira", "jonas"):
        field.fill(name)
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("Enter")
    assert page.locator("input[name=purpose]").input_value() == "Mira,Jonas"
    page.get_by_label("Remove Mira Halvorsen").click()
    assert page.locator("input[name=purpose]").input_value() == "Jonas"


def test_without_scripts_a_picker_is_a_field_and_the_menu_opens(kit: str, tab: Any) -> None:
    page = tab(width=390, java_script_enabled=False)
    page.goto(f"{kit}/form/")
    page.get_by_label("Name").fill("SYS-0004")
    assert not page.locator(".side").is_visible()
    page.locator(".top a", has=page.locator("svg")).last.click()
    page.locator(".side").wait_for()


def test_what_was_typed_comes_back_until_it_is_thrown_away(kit: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{kit}/form/")
    page.get_by_label("Two").check()
    page.goto(f"{kit}/")
    page.goto(f"{kit}/form/")
    assert page.get_by_label("Two").is_checked()
    page.get_by_role("button", name="Throw it away").click()
    assert not page.get_by_label("Two").is_checked()
    page.reload()
    assert not page.get_by_label("Two").is_checked()


def test_progress_moves_and_stops_asking_when_done(kit: str, tab: Any) -> None:
    page = tab()
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url) if "/job/" in request.url else None)
    page.goto(f"{kit}/job/10/")
    page.get_by_text("Ready").wait_for(timeout=8000)
    before = len(asked)
    page.wait_for_timeout(1500)
    assert len(asked) == before == 3


def test_the_chosen_theme_lasts(kit: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{kit}/")
    page.locator("body").wait_for()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.context.add_cookies([{"name": "aims_theme", "value": "dark", "url": kit}])
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
