"""What a page is made of: small values that views build and the kit's templates draw. No query, no HTML here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Tone = Literal["neutral", "info", "good", "warn", "bad"]


@dataclass(frozen=True)
class Badge:
    """A state or level: text with icon and colour, never colour alone."""

    label: str
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True)
class Crumb:
    label: str
    url: str = ""


@dataclass(frozen=True)
class Action:
    """A button or link. `method` post renders a form with the CSRF token and, where given, the record's version."""

    label: str
    url: str
    method: Literal["get", "post"] = "get"
    icon: str = ""
    primary: bool = False
    danger: bool = False
    disabled: str = ""  # the sentence that says why not; shown instead of a dead button
    version: int | None = None


@dataclass(frozen=True)
class Tab:
    id: str
    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Fact:
    """One line of a record's summary. `value` may be text, a date, a person, a record, a Badge, a Link or a list of these."""

    label: str
    value: Any
    help: str = ""
    missing: str = ""  # what to do when there is no value: shown muted, e.g. "Not stated yet"
    wide: bool = False


@dataclass(frozen=True)
class Link:
    """`title`: what the label, a bare reference, stands for; shown on hover."""

    label: str
    url: str
    title: str = ""


@dataclass(frozen=True)
class Header:
    """Top of every page: the question it answers, one primary action, the state first."""

    title: str
    ref: str = ""
    badges: Sequence[Badge] = ()
    lead: str = ""
    crumbs: Sequence[Crumb] = ()
    actions: Sequence[Action] = ()


@dataclass(frozen=True)
class Empty:
    """An empty page teaches: what belongs here, why the standard asks for it, one button."""

    title: str
    text: str
    clause: str = ""
    action: Action | None = None


@dataclass(frozen=True)
class HeadCell:
    key: str
    label: str
    sort_url: str = ""  # empty: not sortable
    sorted: Literal["", "ascending", "descending"] = ""
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """One record of a register. `cells` follow the head; a cell is a text, number, date, Badge, Link, person or list."""

    cells: Sequence[Any]
    url: str = ""
    ref: str = ""
    group: str = ""  # heading drawn above the first of several rows that share it


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Facet:
    """A filter with counts; several options may be current."""

    key: str
    label: str
    options: Sequence[Option]
    clear_url: str = ""


@dataclass(frozen=True)
class Register:
    """A register table as drawn: head, rows, facets, search, page links, exports and column choice."""

    head: Sequence[HeadCell]
    rows: Sequence[Row]
    total: int
    searchable: bool = False  # the page answers to a search text, facets and the rest of the tools
    facets: Sequence[Facet] = ()
    query: str = ""
    hidden: Sequence[tuple[str, str]] = ()  # form fields that keep the other parameters when searching
    next_url: str = ""
    previous_url: str = ""
    exports: Sequence[Link] = ()
    columns: Sequence[Option] = ()
    views: Sequence[Option] = ()
    save_view_url: str = ""
    compare_url: str = ""  # two dates compared; with it the register can be read as of a date
    past: bool = False  # the register can be read as of a date, but not compared
    dates: tuple[str, str] | None = None  # days from and to that limit the rows, as typed
    bulk_url: str = ""  # rows can be ticked and changed together there
    bulk_all_url: str = ""  # all that match can, those of other pages too
    filtered: bool = False
    reset_url: str = ""
    empty: Empty | None = None
    caption: str = ""


@dataclass(frozen=True)
class Change:
    """One field of an event: what it was and what it became, already as words."""

    label: str
    before: str
    after: str
    long: bool = False  # draw as a diff of lines instead of before → after


@dataclass(frozen=True)
class Entry:
    """One event as a sentence a person can read."""

    at: Any  # aware datetime
    actor: str
    capacity: str
    sentence: str
    reason: str = ""
    changes: Sequence[Change] = ()
    url: str = ""
    subject: str = ""  # the record, on pages that show many
    outside: bool = False  # made behind the application's back
    recorded_at: Any = None


@dataclass(frozen=True)
class Knot:
    """One thing on the thread behind a record: when, what, by whom; a `gap` is what should be there and is not."""

    title: str
    url: str = ""
    on: Any = None  # day or moment; none: it holds at any time
    badge: Badge | None = None
    by: str = ""
    text: str = ""
    gap: bool = False


@dataclass(frozen=True)
class Conflict:
    """One field of a three-way view: what you opened, what another person saved, what you typed."""

    name: str
    label: str
    opened: str
    theirs: str
    yours: str
    clash: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
