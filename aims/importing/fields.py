"""What a kind takes from a file: its fields, how a cell's text becomes a value, and how a value is written again."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.models import OwnField
from aims.states import OwnType

_DAY = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T].*)?")
_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "j", "wahr", "oui", "sí", "si"})
_NO = frozenset({"no", "n", "false", "0", "-", "nein", "falsch", "non"})
EMPTY = frozenset({"", "-", "n/a", "na", "none", "?"})


class Unclear(ValueError):
    """The text is not understood; `means` may: another text of the file's own words can be given a meaning."""


@dataclass
class Context:
    """Who imports, what texts mean by the mapping, and what was looked up already."""

    by: Any
    on: date
    at: datetime
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    known: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, find: Callable[[], Any]) -> Any:
        if key not in self.known:
            self.known[key] = find()
        return self.known[key]


Parse = Callable[[str, Context], Any]


@dataclass(frozen=True)
class ImportField:
    """One field of a kind. `parse` raises Unclear with a sentence; `write` gives the text of a record's value.

    `options(context)` are the values a text may be said to mean; `words` other headings under which it is known.
    """

    name: str
    label: Any
    parse: Parse
    write: Callable[[Any], str]
    required: bool = False
    words: Sequence[str] = ()
    options: Callable[[Context], Sequence[tuple[str, str]]] | None = None
    dated: bool = False
    several: bool = False  # holds a list of words, to which some can be added

    def value(self, text: str, context: Context) -> Any:
        """The cell's value; what the mapping says of the text comes first."""
        meant = context.meanings.get(self.name, {}).get(text.lower())
        return self.parse(text if meant is None else meant, context)


@dataclass(frozen=True)
class Importable:
    """A kind that can be imported: its fields and the services that make, change and take back its records.

    `find(key, context)` gives a record by reference or by the kind's own key; `rows(user)` those one may export.
    `same(data, context)` is the record the values themselves speak of, where neither reference nor key names one.
    """

    kind: str
    label: Any
    fields: Sequence[ImportField]
    may: Callable[[Any], str]
    rows: Callable[[Any], Any]
    find: Callable[[str, Context], Any]
    make: Callable[[Mapping[str, Any], Context], Any]
    change: Callable[[Any, Mapping[str, Any], Context], Any]
    remove: Callable[[Sequence[Any], Context], None]  # all of them or none
    same: Callable[[Mapping[str, Any], Context], Any] = lambda data, context: None
    alike: Callable[[Mapping[str, Any], Context], Sequence[Any]] = lambda data, context: ()
    # what is wrong between the values of a new record, by field: told in the dry run, not only when it is made
    together: Callable[[Mapping[str, Any], Context], Mapping[str, str]] = lambda data, context: {}
    key: str = "ref"  # the field by which a record is known, beside its reference and the file's own key
    takes_own: bool = False
    in_bulk: bool = True  # whether records can be changed together in their register
    alone: Sequence[str] = ("title",)  # fields that are set one record at a time
    # (request, names of the fields that are filled): asks who decides for the password again, where the app wants it
    confirm: Callable[[Any, Sequence[str]], None] = lambda request, names: None

    def field(self, name: str) -> ImportField | None:
        return next((one for one in self.fields if one.name == name), None)


def by_reference(model: Any, rows: Callable[[Any], Any]) -> Callable[[str, Context], Any]:
    """Finds a record of the kind by its reference, among those that the person sees; `rows(user)` are these."""

    def find(text: str, context: Context) -> Any:
        known = text.upper().startswith(f"{model.prefix}-")
        return rows(context.by).filter(ref=text.upper()).first() if known else None

    return find


def text_field(
    name: str, label: Any, *, words: Sequence[str] = (), required: bool = False, most: int = 0
) -> ImportField:
    """A field of free text."""

    def parse(text: str, context: Context) -> str:
        if most and len(text) > most:
            raise Unclear(_("At most %(most)s characters.") % {"most": most})
        return text

    return ImportField(name, label, parse, lambda r: str(getattr(r, name)), required, words)


def choice_field(name: str, label: Any, choices: Any, *, words: Sequence[str] = ()) -> ImportField:
    """A field with a fixed scale: its value or its label, in any letters."""

    def parse(text: str, context: Context) -> str:
        if text.lower() in EMPTY:
            return ""
        known = {str(word).lower(): value for value, label in choices.choices for word in (value, label)}
        if text.lower() not in known:
            raise Unclear(_("“%(text)s” is not one of: %(choices)s.") % {"text": text, "choices": _joined(choices)})
        return str(known[text.lower()])

    def options(context: Context) -> Sequence[tuple[str, str]]:
        return [(value, str(label)) for value, label in choices.choices]

    def write(record: Any) -> str:
        value = getattr(record, name)
        return str(choices(value).label) if value else ""

    return ImportField(name, label, parse, write, words=words, options=options)


def _joined(choices: Any) -> str:
    return ", ".join(str(label) for _value, label in choices.choices)


def yes_no_field(name: str, label: Any, *, words: Sequence[str] = ()) -> ImportField:
    def parse(text: str, context: Context) -> bool | None:
        return parsed_yes_no(text)

    def write(record: Any) -> str:
        value = getattr(record, name)
        return "" if value is None else _written_yes_no(value)

    def options(context: Context) -> Sequence[tuple[str, str]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    return ImportField(name, label, parse, write, words=words, options=options)


def parsed_yes_no(text: str) -> bool | None:
    """Yes, no, or None for an empty text."""
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in EMPTY:
        return None
    raise Unclear(_("“%(text)s” is neither yes nor no.") % {"text": text})


def _written_yes_no(value: bool) -> str:
    return "yes" if value else "no"


def day_field(name: str, label: Any, *, words: Sequence[str] = ()) -> ImportField:
    """A date in ISO 8601, with points, or with strokes in the order that the column has."""

    def parse(text: str, context: Context) -> date | None:
        return parsed_day(text, context.orders.get(name, ""))

    def write(record: Any) -> str:
        value = getattr(record, name)
        return value.isoformat() if value else ""

    return ImportField(name, label, parse, write, words=words, dated=True)


def parsed_day(text: str, order: str = "") -> date | None:
    """The date of a text. With strokes or dashes and both numbers below 13 the `order` (dmy or mdy) decides."""
    if text.lower() in EMPTY:
        return None
    found = _DAY.fullmatch(text)
    if found is None:
        raise Unclear(_("“%(text)s” is not a date. Write it like 2026-03-31.") % {"text": text})
    first, second, third = map(int, found.groups())
    if len(found.group(1)) == 4:
        year, month, day = first, second, third
    elif "." in text or first > 12 or (order == "dmy" and second <= 12):
        year, month, day = third, second, first
    elif second > 12 or order == "mdy":
        year, month, day = third, first, second
    else:
        raise Unclear(_("“%(text)s”: day or month first? Choose the order for this column.") % {"text": text})
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError as error:
        raise Unclear(_("“%(text)s” is not a day of the calendar.") % {"text": text}) from error


def own_field(own: OwnField) -> ImportField:
    """A field that the organization defined, as one that files can fill."""
    name = f"own:{own.key}"

    def parse(text: str, context: Context) -> Any:
        return own_value(own, text, context.orders.get(name, ""))

    def write(record: Any) -> str:
        value = record.own.get(own.key)
        if isinstance(value, list):
            return "; ".join(value)
        return _written_yes_no(value) if isinstance(value, bool) else "" if value is None else str(value)

    def options(context: Context) -> Sequence[tuple[str, str]]:
        return [(choice, choice) for choice in own.choices]

    choosing = options if own.sort in OwnType.listed() else None
    day, tags = own.sort == OwnType.DAY, own.sort == OwnType.TAGS
    return ImportField(name, own.label, parse, write, options=choosing, dated=day, several=tags)


def own_value(own: OwnField, text: str, order: str = "") -> Any:
    """A text as the value of an own field, as the column `own` keeps it. Raises Unclear."""
    if not text.strip():
        return None
    if own.sort == OwnType.NUMBER:
        return _number(text)
    if own.sort == OwnType.DAY:
        found = parsed_day(text, order)
        return found.isoformat() if found else None
    if own.sort == OwnType.YES_NO:
        return parsed_yes_no(text)
    if own.sort == OwnType.CHOICE:
        return _chosen(own, text)
    if own.sort == OwnType.TAGS:
        words = {_chosen(own, word.strip()) for word in text.split(";") if word.strip()}
        return [choice for choice in own.choices if choice in words] or None
    return text


def _number(text: str) -> float | int:
    plain = text.replace(" ", "").replace("\u00a0", "").replace("'", "")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain.replace(",", ""))
    except ValueError as error:
        raise Unclear(_("“%(text)s” is not a number.") % {"text": text}) from error
    return int(value) if value.is_integer() else value


def _chosen(own: OwnField, text: str) -> str:
    for choice in own.choices:
        if str(choice).lower() == text.lower():
            return str(choice)
    raise Unclear(_("“%(text)s” is not one of: %(choices)s.") % {"text": text, "choices": ", ".join(own.choices)})


def order_of(texts: Sequence[str]) -> str:
    """dmy or mdy, where at least one text of a column can only be read so and none only otherwise; else ""."""
    orders = set()
    for text in texts:
        found = _DAY.fullmatch(text)
        if found is None or len(found.group(1)) == 4:
            continue
        first, second = int(found.group(1)), int(found.group(2))
        if "." in text or first > 12:
            orders.add("dmy")
        elif second > 12:
            orders.add("mdy")
    return orders.pop() if len(orders) == 1 else ""


def guess(headings: Sequence[str], fields: Sequence[ImportField]) -> dict[str, str]:
    """Column number → field, for every heading that names one; each field once, the first column wins."""
    known: dict[str, str] = {}
    for one in fields:
        for word in (one.name, str(one.label), *one.words):
            known.setdefault(_plain(word), one.name)
    found: dict[str, str] = {}
    for number, heading in enumerate(headings):
        name = known.get(_plain(heading), "")
        if name and name not in found.values():
            found[str(number)] = name
    return found


def _plain(heading: str) -> str:
    return re.sub(r"[^\w]+", " ", heading).strip().lower()
