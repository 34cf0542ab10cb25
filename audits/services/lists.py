"""An auditor's request list as a file: taken over whole or not at all, with what is wrong in which row."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aims.errors import Refusal
from aims.importing.fields import Unclear, parsed_day
from aims.importing.reading import examine, read
from aims.models import Record
from aims.services import create, require
from aims.trail import recording
from audits import policies
from audits.models import AuditRequest, Engagement
from audits.services.engagements import next_number, open_now
from organization.models import User

COLUMNS = ("number", "wanted", "clause", "about", "due_on", "asked_by")
TOLD = ("state", "offered", "changed")  # what an exported list says beside, and left behind when it comes in again
MOST = 1000  # requests of one file
SHOWN = 20  # wrong rows named at once


def import_requests(engagement: Engagement, *, by: User, file: IO[bytes], name: str, on: date) -> list[AuditRequest]:
    """Take over a request list from CSV or XLSX with the columns number, wanted, clause, about, due_on, asked_by.

    The auditor brings it, or our side enters the one that the auditor sent; then `asked_by`, the e-mail or name of an
    auditor of the engagement, says who asks, else whoever brings the list. All rows come in, or none. Columns go by
    these names or by the words of the page; the list as it is exported comes in too. Errors: NotPermitted, WrongState,
    ValidationError on `file` with one sentence for each wrong row (an unknown reference, a number twice, no date, nobody who audits here).
    """
    capacity = require(policies.can_bring_list(by, engagement))
    head, lines = _table(file, name)
    with recording(by, "import_requests", capacity=capacity):
        current = open_now(engagement)
        taken = set(current.requests.values_list("number", flat=True))
        auditors = _auditors(current)
        rows, wrong = [], []
        for number, cells in lines:
            row, problems = _request(current, by, dict(zip(head, cells, strict=False)), taken, auditors)
            wrong += [_("Row %(number)d: %(problem)s") % {"number": number, "problem": one} for one in problems]
            rows.append(row)
        if wrong:
            raise ValidationError({"file": _shown(wrong)})
        return [_made(row, taken) for row in rows]


def _made(row: AuditRequest, taken: set[str]) -> AuditRequest:
    row.number = row.number or next_number(taken)
    taken.add(row.number)
    return create(row)


def _shown(wrong: Sequence[str]) -> list[str]:
    rest = len(wrong) - SHOWN
    more = [_("And %(count)d more.") % {"count": rest}] if rest > 0 else []
    return [*wrong[:SHOWN], *more]


def _refused(words: Any) -> ValidationError:
    return ValidationError({"file": [str(words)]})


def _table(file: IO[bytes], name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The columns by name, and each row that says something with its number in the file."""
    examine(file, name)
    try:
        first, *rest = read(file, name).rows
    except Refusal as refusal:
        raise _refused(refusal.detail) from refusal
    head = [_column(text) for text in first]
    unknown = [text for text, column in zip(first, head, strict=True) if text and not column]
    if unknown or "wanted" not in head or len({one for one in head if one}) < len([one for one in head if one]):
        words = _("The first row names the columns, each once: %(names)s.") % {"names": ", ".join(COLUMNS)}
        raise _refused(f"{_('Unknown: %(names)s.') % {'names': ', '.join(unknown)}} {words}" if unknown else words)
    lines = [(number, cells) for number, cells in enumerate(rest, 2) if any(cells)]
    if not 1 <= len(lines) <= MOST:
        raise _refused(_("The file has between 1 and %(most)d requests.") % {"most": MOST})
    return head, lines


def _column(text: str) -> str:
    """The column of a heading: by its name, or by what the page calls it; "" when it is unknown."""
    said = text.strip().casefold()
    labels = {str(AuditRequest._meta.get_field(one).verbose_name).casefold(): one for one in COLUMNS}  # type: ignore[union-attr]
    return said if said in (*COLUMNS, *TOLD) else labels.get(said, "")


def _auditors(engagement: Engagement) -> dict[str, User]:
    """Who audits in the engagement, by e-mail, and by name where only one is called so."""
    people = [member.person for member in engagement.members.select_related("person")]
    names = [one.name.casefold() for one in people]
    named = {one.name.casefold(): one for one in people if names.count(one.name.casefold()) == 1}
    return named | {one.email.casefold(): one for one in people}


def _request(
    engagement: Engagement, by: User, cells: dict[str, str], taken: set[str], auditors: Mapping[str, User]
) -> tuple[AuditRequest, list[str]]:
    """A row as a request that is not kept yet, and every reason why it cannot be."""
    given = {name: cells.get(name, "") for name in COLUMNS}
    asker = auditors.get(given["asked_by"].casefold(), by)
    row = AuditRequest(engagement=engagement, asked_by=asker, number=given["number"], wanted=given["wanted"],
                       clause=given["clause"])  # fmt: skip
    problems = list(_problems(row, given, by, taken))
    if given["asked_by"] and given["asked_by"].casefold() not in auditors:
        problems.append(_("asked_by: nobody who audits here is called %(name)s.") % {"name": given["asked_by"]})
    return row, problems


def _problems(row: AuditRequest, given: dict[str, str], by: User, taken: set[str]) -> Iterator[str]:
    if not row.wanted:
        yield _("it does not say what is asked for.")
    for field in ("number", "wanted", "clause"):
        most = AuditRequest._meta.get_field(field).max_length  # type: ignore[union-attr]
        if most is not None and len(given[field]) > most:
            yield _("%(column)s has more than %(most)d characters.") % {"column": field, "most": most}
    if row.number and row.number in taken:
        yield _("the number %(number)s is taken.") % {"number": row.number}
    elif row.number:
        taken.add(row.number)
    if given["about"]:
        row.about = Record.objects.visible_to(by).filter(ref=given["about"].upper()).first()
        if row.about is None:
            yield _("there is no record %(ref)s.") % {"ref": given["about"]}
    try:
        row.due_on = parsed_day(given["due_on"])
    except Unclear:
        yield _("“%(text)s” is no clear date. Write it like 2026-03-31.") % {"text": given["due_on"]}
