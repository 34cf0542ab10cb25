"""Values as views would build them, hostile texts included, and one way to draw a template with them."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from aims.ui import (
    Action,
    Badge,
    Change,
    Conflict,
    Crumb,
    Empty,
    Entry,
    Facet,
    Fact,
    HeadCell,
    Header,
    Link,
    Option,
    Register,
    Row,
    Tab,
)

HOSTILE = "<img src=x onerror=alert(1)>\"'& \u202eright to left 🦉"
AT = datetime(2026, 3, 31, 12, 5, tzinfo=UTC)
STATE = Badge("In service", "good")


def header() -> Header:
    actions = [
        Action("Edit", "/edit", icon="pencil"),
        Action("Release", "/release", method="post", primary=True, version=7),
        Action("Approve", "/approve", disabled="you wrote it"),
    ]
    return Header(
        HOSTILE, "SYS-0004", [STATE, Badge(HOSTILE, "bad")], HOSTILE, [Crumb(HOSTILE, "/"), Crumb("here")], actions
    )


def register(**changes: Any) -> Register:
    values: dict[str, Any] = {
        "head": [
            HeadCell("title", "System", "?sort=title", "ascending"),
            HeadCell("state", "State"),
            HeadCell("n", "Risks", numeric=True),
        ],
        "rows": [
            Row([HOSTILE, STATE, 12345], "/systems/SYS-0004/", "SYS-0004"),
            Row(["Plain", [Link("Unit", "/u"), HOSTILE], None]),
        ],
        "total": 312,
        "searchable": True,
        "facets": [
            Facet(
                "state", "State", [Option("a", HOSTILE, "?x", 3, current=True), Option("b", "Draft", "?y", 0)], "?clear"
            )
        ],
        "query": HOSTILE,
        "hidden": [("sort", HOSTILE)],
        "next_url": "?after=1",
        "exports": [Link("CSV", "?format=csv")],
        "columns": [Option("title", "System", "?columns=", current=True)],
        "views": [Option("1", HOSTILE, "?v")],
        "save_view_url": "/views/system/",
        "filtered": True,
        "reset_url": "/systems/",
        "caption": "AI systems",
    }
    return Register(**{**values, **changes})


def entries() -> list[Entry]:
    changes = [Change("Purpose", "one two three", f"one 2 three {HOSTILE}", long=True), Change("Owner", "", HOSTILE)]
    return [
        Entry(AT, "Mira", "system owner", f"changed {HOSTILE}", HOSTILE, changes, "/x"),
        Entry(AT, "", "", "somebody changed it", outside=True, recorded_at=AT.replace(year=2027)),
    ]


FACTS = [
    (
        "Purpose",
        [
            Fact("Text", f"{HOSTILE}\nsecond line"),
            Fact("Missing", None, missing="Not stated yet"),
            Fact("List", ["a", "b"]),
            Fact("Day", date(2026, 3, 31)),
            Fact("Moment", AT),
            Fact("Yes", True),
            Fact("Zero", 0, missing="never shown"),
        ],
    )
]
TABS = [Tab("", "Summary", "/", current=True), Tab("risks", HOSTILE, "/risks", 3)]
EMPTY = Empty("No system yet", HOSTILE, "clause 4.3", Action("Register a system", "/new", primary=True))


class Sample(forms.Form):
    """A form with every kind of control."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)
    title = forms.CharField(label="Name", help_text="As people call it.")
    purpose = forms.CharField(label="Purpose", widget=forms.Textarea, required=False)
    stage = forms.ChoiceField(label="Stage", choices=[("a", "Design"), ("b", "Operation")])
    how = forms.ChoiceField(
        label="How", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect, help_text="Choose."
    )
    who = forms.MultipleChoiceField(
        label="Who", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, required=False
    )
    personal = forms.BooleanField(label="Personal data", required=False, help_text="Then say how.")
    proof = forms.FileField(label="Proof", required=False)
    asks = {"purpose": "Who decided it?"}


def filled() -> Sample:
    return Sample({"title": HOSTILE, "purpose": HOSTILE, "stage": "z", "version": "4"})


def conflicts(form: Sample) -> list[Conflict]:
    return [Conflict("title", "Name", "old", f"theirs {HOSTILE}", HOSTILE, clash=True, extra={"bound": form["title"]})]


def draw(template: str, **context: Any) -> str:
    """The template drawn as in a page of the running application, by nobody in particular."""
    request = RequestFactory().get("/somewhere/")
    request.htmx = False  # type: ignore[attr-defined]
    return render_to_string(template, context, request)


class Plain:
    """The frame of a page without a person or a database."""

    product = "AIMS"
    demo = True
    as_of = AT
    as_of_leave_url = "/"
    delayed = True
    person = None
    navigation = [
        {"label": "Inventory", "items": [{"label": "AI systems", "url": "/systems/", "icon": "cpu", "current": True}]}
    ]


def pages() -> dict[str, dict[str, Any]]:
    """Every page template of the kit with a context that fills it."""
    form = filled()
    job = {
        "id": 1,
        "label": HOSTILE,
        "state": "running",
        "percent": 42,
        "step": HOSTILE,
        "poll_url": "/job/40/",
        "cancel_url": "/c",
    }
    return {
        "kit/register.html": {"header": header(), "register": register()},
        "kit/record.html": {
            "header": header(),
            "tabs": TABS,
            "facts": FACTS,
            "strip": FACTS[0][1],
            "notes": [("warn", HOSTILE)],
            "job": job,
        },
        "kit/history.html": {"header": header(), "tabs": TABS, "entries": entries(), "older": "?page=2"},
        "kit/form.html": {"header": header(), "form": form, "submit": "Save", "cancel": Action("Cancel", "/")},
        "kit/act.html": {
            "header": header(),
            "form": form,
            "consequences": [HOSTILE],
            "checks": [(True, "met"), (False, HOSTILE)],
        },
        "kit/conflict.html": {"header": header(), "form": form, "conflicts": conflicts(form)},
        "kit/refusal.html": {
            "title": HOSTILE,
            "detail": HOSTILE,
            "unmet": [HOSTILE, Link("RSK-0142", "/r")],
            "status": 409,
            "closed": True,
        },
        "kit/jump.html": {"links": [Link(HOSTILE, "/x")], "query": HOSTILE},
        "home.html": {
            "header": header(),
            "work": [
                {
                    "url": "/x",
                    "title": HOSTILE,
                    "ref": "IMP-0009",
                    "why": HOSTILE,
                    "badge": STATE,
                    "due_on": date(2026, 1, 1),
                }
            ],
            "clauses": [("4", "Context", 9, 9, "/c"), ("5", HOSTILE, 0, 0, "/c")],
            "week": [{"url": "/x", "title": HOSTILE, "why": HOSTILE}],
            "entries": entries(),
        },
        **{f"{status}.html": {} for status in (400, 403, 404, 409, 412, 413, 429, 500)},
    }
