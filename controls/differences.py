"""Two versions of the Statement of Applicability compared, line by line and in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aims.ui import Change
from controls.states import Applicability, Basis, Status

LONG = 60
Line = Mapping[str, Any]


@dataclass(frozen=True)
class LineChange:
    """One line that was added, removed or changed: the control, where it holds, and each field in words."""

    control: str
    title: str
    where: str
    kind: Literal["added", "removed", "changed"]
    changes: Sequence[Change] = ()
    reason: str = ""
    statement: str = ""

    @property
    def url(self) -> str:
        return f"/controls/{self.control}/"


def _choice(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(dict(choices.choices).get(value, value))


def _day(value: str) -> str:
    found = parse_date(value) if value else None
    return date_format(found, "DATE_FORMAT") if found else ""


def _list(value: Sequence[str]) -> str:
    return ", ".join(value)


def _fields() -> dict[str, tuple[str, Callable[[Any], str]]]:
    """Field of a line → its name for people, and how its value is said."""
    return {
        "decision": (_("Decision"), _choice(Applicability)),
        "justification": (_("Justification"), str),
        "basis": (_("Basis"), lambda value: _list([_choice(Basis)(one) for one in value])),
        "records": (_("Called for by"), _list),
        "systems": (_("Only for"), _list),
        "status": (_("Status"), _choice(Status)),
        "implementation": (_("How it is implemented"), str),
        "procedure": (_("Procedure"), str),
        "owner": (_("Owner"), str),
        "due_on": (_("Due"), _day),
        "last_reviewed_on": (_("Last reviewed"), _day),
        "evidence": (_("Evidence"), _list),
    }


def compare(before: Sequence[Line], after: Sequence[Line]) -> list[LineChange]:
    """What the later has that the earlier has not, in the order of the later; what was removed comes last."""
    old, new = ({_key(line): line for line in lines} for lines in (before, after))
    found = [one for key, line in new.items() for one in _one(old.get(key), line)]
    return found + [_told(line, "removed", ()) for key, line in old.items() if key not in new]


def _key(line: Line) -> tuple[str, str, str, str]:
    """A line is the same where control, unit and system are; a hidden system is told apart by its statement."""
    hidden = line["statement"] if line["unit"] and not line["system"] else ""
    return line["control"], line["unit"], line["system"], hidden


def _one(old: Line | None, new: Line) -> Iterator[LineChange]:
    if old is None:
        yield _told(new, "added", tuple(_changes({}, new)))
    elif changes := tuple(_changes(old, new)):
        yield _told(new, "changed", changes)


def _told(line: Line, kind: Literal["added", "removed", "changed"], changes: Sequence[Change]) -> LineChange:
    where = " ".join(part for part in (line["unit"], line["system"]) if part)
    return LineChange(line["control"], line["title"], where, kind, changes, line["justification"], line["statement"])


def _changes(old: Line, new: Line) -> Iterator[Change]:
    for name, (label, say) in _fields().items():
        was, now = old.get(name), new[name]
        before, after = say(was) if was else "", say(now) if now else ""
        if before != after:
            yield Change(label, before, after, long=max(len(before), len(after)) > LONG)


def sentence(one: LineChange) -> str:
    """A changed line in one sentence, for exports and the API."""
    words = {"control": f"{one.control} {one.title}", "where": f" ({one.where})" if one.where else ""}
    if one.kind == "added":
        return _("%(control)s%(where)s was added.") % words
    if one.kind == "removed":
        return _("%(control)s%(where)s was removed.") % words
    said = "; ".join(_("%(field)s from “%(before)s” to “%(after)s”") % {
        "field": change.label, "before": change.before or "—", "after": change.after or "—",
    } for change in one.changes)  # fmt: skip
    return _("%(control)s%(where)s changed: %(changes)s.") % {**words, "changes": said}
