"""Template tags of the interface kit: draw a value, a moment, a day, an icon, a difference. No query is made here."""

import difflib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from aims import asof
from aims.prose import markup
from aims.ui import Badge, Conflict, Facet, HeadCell, Link, Row

register = template.Library()

DAY = "SHORT_DATE_FORMAT"
MOMENT = "SHORT_DATETIME_FORMAT"
TONE_ICONS = {
    "good": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-octagon",
    "info": "info-circle",
    "neutral": "circle",
}
DRAWING = '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
LONG_DIFF = 3000  # words; beyond that the difference is taken by lines, so that it stays fast
Opcodes = Sequence[tuple[str, int, int, int, int]]


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, extra: str = "") -> SafeString:
    """One drawing of the sprite built from static/icons.txt. It is decoration: the text beside it says the same."""
    return format_html(DRAWING, extra, static("vendor/icons.svg"), name)


@register.simple_tag
def moment(value: datetime | None, zone: bool = False) -> SafeString:
    """A point in time in the reader's zone; the zone and the seconds show on hover, or always with `zone`."""
    if value is None:
        return _none()
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    name = local.strftime("%Z")
    full = f"{date_format(local, 'l')} {date_format(local)}, {date_format(local, 'H:i:s')} {name}"
    shown = date_format(local, MOMENT) + (f" {name}" if zone else "")
    shape = '<time datetime="{}" title="{}" data-zone="{}">{}</time>'
    return format_html(shape, local.isoformat(), full, "" if zone else name, shown)


@register.simple_tag
def day(value: date | None, due: bool = False, done: bool = False) -> SafeString:
    """A calendar day, with how far off it is on hover, or beside it with `due`; what is `done` is never late."""
    if value is None:
        return _none()
    off = distance(value)
    drawn = format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), off, date_format(value, DAY))
    if not due or done:
        return drawn
    late = " late" if value < asof.day() else ""
    return format_html('{} <span class="off{}">{}</span>', drawn, late, off)


def distance(value: date) -> str:
    """How far off a day is, in words: "today", "in 12 days", "3 months ago"."""
    days = (value - asof.day()).days
    if days == 0:
        return _("today")
    return _span(days, AHEAD) if days > 0 else _span(-days, AGO)


AMOUNT, AHEAD, AGO = range(3)
_SPANS = {
    "days": (
        ngettext_lazy("%(count)d day", "%(count)d days", "count"),
        ngettext_lazy("in %(count)d day", "in %(count)d days", "count"),
        ngettext_lazy("%(count)d day ago", "%(count)d days ago", "count"),
    ),
    "months": (
        ngettext_lazy("%(count)d month", "%(count)d months", "count"),
        ngettext_lazy("in %(count)d month", "in %(count)d months", "count"),
        ngettext_lazy("%(count)d month ago", "%(count)d months ago", "count"),
    ),
    "years": (
        ngettext_lazy("%(count)d year", "%(count)d years", "count"),
        ngettext_lazy("in %(count)d year", "in %(count)d years", "count"),
        ngettext_lazy("%(count)d year ago", "%(count)d years ago", "count"),
    ),
}


def _span(days: int, sense: int = AMOUNT) -> str:
    """So many days in the largest unit that says it well."""
    unit, size = ("days", 1) if days < 61 else ("months", 30) if days < 730 else ("years", 365)
    return str(_SPANS[unit][sense] % {"count": days // size})


@register.simple_tag
def badge(value: Badge) -> SafeString:
    """A state as text with an icon and a tone."""
    drawing = icon(value.icon or TONE_ICONS[value.tone])
    return format_html('<span class="badge {}">{}{}</span>', value.tone, drawing, value.label)


@register.simple_tag
def value(item: Any) -> SafeString:
    """Draws any cell or fact: text, number, date, Badge, Link, person, record, or a list of these."""
    if item is None or item == "":
        return _none()
    for kinds, draw in _DRAWINGS:
        if isinstance(item, kinds):
            drawn: SafeString = draw(item)
            return drawn
    if hasattr(item, "ref") and hasattr(item, "get_absolute_url"):
        return _record(item)
    return format_html("{}", item)


def _none() -> SafeString:
    shape = '<span class="muted" aria-hidden="true">–</span><span class="visually-hidden">{}</span>'
    return format_html(shape, _("none"))


def _text(item: str) -> SafeString:
    return format_html('<span class="text">{}</span>', item) if "\n" in item else format_html("{}", item)


def _truth(item: bool) -> SafeString:
    return format_html("{} {}", icon("check" if item else "minus"), _("Yes") if item else _("No"))


def _number(item: int | float | Decimal) -> SafeString:
    return format_html('<span class="num">{}</span>', number_format(item, use_l10n=True, force_grouping=True))


def _duration(item: timedelta) -> SafeString:
    if item >= timedelta(days=1):
        return format_html("{}", _span(item.days))
    minutes, seconds = divmod(int(item.total_seconds()), 60)
    return format_html('<span class="num">{}</span>', f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}")


def _link(item: Link) -> SafeString:
    if not item.url:
        return format_html("{}", item.label)
    bare = format_html(' class="ref" title="{}"', item.title) if item.title else ""
    return format_html('<a href="{}"{}>{}</a>', item.url, bare, item.label)


def _person(item: AbstractBaseUser) -> SafeString:
    name = str(getattr(item, "name", "") or item)
    capacity = getattr(item, "capacity", "")
    below = format_html("<small>{}</small>", capacity) if capacity else ""
    shape = '<span class="person"><span class="avatar" aria-hidden="true">{}</span><span>{}{}</span></span>'
    return format_html(shape, initials(name), name, below)


def initials(name: str) -> str:
    """First letters of the first and the last word of a name: "Ada King Lovelace" gives "AL"."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _record(item: Any) -> SafeString:
    title = getattr(item, "title", "") or getattr(item, "name", "")
    return format_html('<a href="{}"><span class="ref">{}</span> {}</a>', item.get_absolute_url(), item.ref, title)


def _list(items: Iterable[Any]) -> SafeString:
    drawn = list(items)
    if not drawn:
        return _none()
    if len(drawn) == 1:
        return value(drawn[0])
    plain = all(isinstance(item, str | Link) for item in drawn)
    last = len(drawn) - 1
    marks = (("sep" if plain and index < last else "", value(item)) for index, item in enumerate(drawn))
    return format_html('<ul class="inline-list">{}</ul>', format_html_join("", '<li class="{}">{}</li>', marks))


# Order matters: a bool is an int, a datetime is a date.
_DRAWINGS: tuple[tuple[Any, Any], ...] = (
    (SafeString, SafeString),  # only what a view already made safe keeps its markup
    (str, _text),
    (bool, _truth),
    ((int, float, Decimal), _number),
    (datetime, moment),
    (date, day),
    (timedelta, _duration),
    (Badge, badge),
    (Link, _link),
    (AbstractBaseUser, _person),
    ((list, tuple, set, frozenset), _list),
)


@register.filter
def prose(text: str) -> SafeString:
    """Markdown that people wrote, drawn without anything that could run."""
    return SafeString(markup(text))


@register.filter
def is_empty(item: Any) -> bool:
    """Whether a fact has nothing to show, so that what is missing is said instead; 0 and False are something."""
    return item is None or item == "" or (isinstance(item, list | tuple | set | frozenset) and not item)


@register.filter(name="initials")
def initials_filter(name: str) -> str:
    """The initials of a name, for an avatar."""
    return initials(str(name))


@register.simple_tag
def diff(before: str, after: str) -> SafeString:
    """The words taken out and put in between two texts, as `del` and `ins`."""
    old, new = _pieces(before), _pieces(after)
    if max(len(old), len(new)) > LONG_DIFF:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    opcodes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return format_html_join("", "{}", ((part,) for part in _marked(old, new, opcodes)))


def _pieces(text: str) -> list[str]:
    return [piece for line in text.splitlines(keepends=True) for piece in _words(line)]


def _words(line: str) -> list[str]:
    parts = line.split(" ")
    return [part + " " for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _marked(old: Sequence[str], new: Sequence[str], opcodes: Opcodes) -> Iterable[SafeString]:
    for kind, old_from, old_to, new_from, new_to in opcodes:
        if kind == "equal":
            yield format_html("{}", "".join(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield format_html("<del>{}</del>", "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield format_html("<ins>{}</ins>", "".join(new[new_from:new_to]))


@register.filter
def chosen(facet: Facet) -> int:
    """How many options of a facet are in use."""
    return sum(option.current for option in facet.options)


@register.simple_tag
def row_cells(row: Row, head: Sequence[HeadCell]) -> SafeString:
    """The cells of a row of a register: its name, which is the link, then the others. Not a template, for speed."""
    name = _cell_name(row)
    others = (_cell(column, cell) for column, cell in zip(head[1:], row.cells[1:], strict=False))
    return SafeString("".join([name, *others]))


def _cell_name(row: Row) -> SafeString:
    ref = format_html('<span class="ref">{}</span>', row.ref) if row.ref else ""
    inner = format_html("{}{}", ref, value(row.cells[0]))
    linked = format_html('<a href="{}">{}</a>', row.url, inner) if row.url else inner
    return format_html('<th role="rowheader" scope="row">{}</th>', linked)


def _cell(column: HeadCell, cell: Any) -> SafeString:
    kinds = f"{'numeric' if column.numeric else ''}{' none' if is_empty(cell) else ''}"
    return format_html('<td role="cell" data-label="{}" class="{}">{}</td>', column.label, kinds.strip(), value(cell))


@register.filter
def outside_badge(entry: Any) -> Badge:
    """The mark of an event that no service of the application made."""
    return Badge(_("Made outside the application"), "bad")


@register.filter
def ask(field: BoundField) -> Any:
    """What an auditor will ask about a field, where its form says so in `asks`."""
    return getattr(field.form, "asks", {}).get(field.name, "")


@register.filter
def empty_fields(fields: Sequence[BoundField]) -> int:
    """How many of these fields hold nothing yet; a box that is not ticked is an answer."""
    return sum(field.value() in (None, "", []) for field in fields)


@register.filter
def in_conflict(name: str, conflicts: Sequence[Conflict]) -> bool:
    """Whether a field of this name is among the conflicts shown."""
    return any(conflict.name == name for conflict in conflicts)
