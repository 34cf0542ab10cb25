"""Every page of the kit: hostile text stays text, nothing inline, valid references between elements."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import get_template

from aims.registry import registry
from tests.kit.samples import EMPTY, HOSTILE, Plain, draw, header, pages, register

ROOT = Path(settings.BASE_DIR)
# A PDF is no page: its renderer knows no content security policy.
TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*.html")
    if "pdf" not in path.parts and not path.name.startswith("pack_")
)
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr", "use", "rect", "circle", "path", "line"}


class Reader(HTMLParser):
    """Collects what a browser would find: elements, ids, what refers to ids, and tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(text)
        self.faults += [f"<{tag}> left open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def ids(self) -> list[str]:
        return [attrs["id"] for _tag, attrs in self.elements if attrs.get("id")]


@pytest.fixture(params=sorted(pages()))
def page(request: pytest.FixtureRequest) -> str:
    context = pages()[request.param]
    return draw(request.param, shell=Plain(), **context)


def test_hostile_text_is_shown_as_text_only(page: str) -> None:
    assert "<img src=x" not in page
    assert not any("onerror" in attrs for _tag, attrs in Reader(page).elements)


def test_nothing_is_inline(page: str) -> None:
    for tag, attrs in Reader(page).elements:
        assert "style" not in attrs, (tag, attrs)
        assert not [name for name in attrs if name.startswith("on")], (tag, attrs)
        assert tag != "style"
        assert tag != "script" or attrs.get("src") or attrs.get("type") == "application/json"
        assert not attrs.get("href", "").startswith("javascript:")


def test_elements_are_closed_and_ids_are_used_once(page: str) -> None:
    reader = Reader(page)
    assert reader.faults == []
    ids = reader.ids()
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)


def test_what_refers_to_an_element_finds_it(page: str) -> None:
    reader = Reader(page)
    ids = set(reader.ids())
    for tag, attrs in reader.elements:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            assert set(attrs.get(name, "").split()) <= ids, (tag, name, attrs[name])


def test_a_page_has_one_title_one_main_and_a_way_to_it(page: str) -> None:
    tags = [tag for tag, _attrs in Reader(page).elements]
    assert (tags.count("h1"), tags.count("main"), tags.count("title")) == (1, 1, 1)
    assert '<a class="skip" href="#main">' in page


def test_pages_bear_a_context_without_anything() -> None:
    for template in pages():
        assert "<main" in draw(template, shell=None)


def test_the_error_page_of_a_crash_needs_no_request() -> None:
    assert "half saved" in get_template("500.html").render({})


def test_the_chosen_appearance_is_in_the_first_byte() -> None:
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.COOKIES["aims_theme"] = "dark"
    assert 'data-theme="dark"' in render_to_string("kit/centered.html", {"shell": None}, request)
    request.COOKIES["aims_theme"] = '"><script>'
    assert "data-theme" not in render_to_string("kit/centered.html", {"shell": None}, request)


def test_a_register_says_where_one_is() -> None:
    first = draw("kit/register.html", shell=Plain(), header=header(), register=register())
    assert "1–2 of 312" in first
    assert 'aria-sort="ascending"' in first
    assert '<td role="cell" data-label="Risks" class="numeric"><span class="num">12,345</span></td>' in first
    later = draw("kit/register.html", shell=Plain(), header=header(), register=register(previous_url="?before=1"))
    assert "1–2 of 312" not in later
    assert "2 of 312" in later


def test_an_empty_register_teaches_and_an_over_filtered_one_lets_go() -> None:
    taught = draw(
        "kit/register.html", shell=Plain(), header=header(), register=register(rows=[], filtered=False, empty=EMPTY)
    )
    assert "No system yet" in taught
    assert "clause 4.3" in taught
    filtered = draw("kit/register.html", shell=Plain(), header=header(), register=register(rows=[], empty=EMPTY))
    assert "No system yet" not in filtered
    assert 'href="/systems/"' in filtered


def test_acting_buttons_carry_version_and_token_and_forbidden_ones_their_reason() -> None:
    drawn = draw("kit/_header.html", header=header())
    assert '<form method="post" action="/release">' in drawn
    assert '<input type="hidden" name="version" value="7">' in drawn
    assert "csrfmiddlewaretoken" in drawn
    assert "you wrote it" in drawn
    assert 'href="/approve"' not in drawn


def test_progress_asks_again_only_while_there_is_something_to_wait_for() -> None:
    job = {
        "id": 1,
        "label": "Pack",
        "poll_url": "/jobs/1/",
        "percent": 10,
        "result_url": "/r",
        "retry_url": "/again",
        "error": HOSTILE,
    }
    polling = {
        state: "hx-get" in draw("kit/_progress.html", job={**job, "state": state})
        for state in ("queued", "running", "done", "failed")
    }
    assert polling == {"queued": True, "running": True, "done": False, "failed": False}
    assert 'href="/r"' in draw("kit/_progress.html", job={**job, "state": "done"})
    assert 'action="/again"' in draw("kit/_progress.html", job={**job, "state": "failed"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_parses_and_holds_nothing_inline(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))
    source = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']", source)
    assert "|safe" not in source


def test_every_icon_named_anywhere_is_in_the_sprite() -> None:
    listed = set((ROOT / "static/icons.txt").read_text().split())
    sources = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]
    named = {name for path in sources for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text())}
    apps = [path.parent for path in ROOT.glob("*/apps.py")]
    code = [path for app in apps for path in app.rglob("*.py")]
    named |= {name for path in code for name in re.findall(r'icon="([a-z0-9-]+)"', path.read_text())}
    named |= {one.icon for one in (*registry.kinds.values(), *registry.navigation)} - {""}
    assert named - listed == set()
