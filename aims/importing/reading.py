"""A spreadsheet or CSV file as rows of text. Nothing in it is calculated, followed or run; sizes are bounded."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from aims import archives, exports
from aims.errors import Refusal, invalid

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_TEXT = 20_000
MOST_MERGED = 10_000
SIZE = 20_000_000
LOOKED_AT = 10  # rows among which the headings are looked for
_PIECE = 1 << 20
_FORMULA = re.compile(rb"<f[ >/]")
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


class Unreadable(Refusal):
    """The file cannot be read, and why."""

    status = 400
    title = "Unreadable file"


@dataclass
class Grid:
    """Rows of texts, and what a person should know about how they were read."""

    rows: list[list[str]]
    remarks: list[str] = field(default_factory=list)

    @property
    def header_row(self) -> int:
        """Number of the row that looks most like headings: the first with the most different texts."""
        best = max(self.rows[:LOOKED_AT], key=lambda row: len({cell for cell in row if cell}), default=[])
        return self.rows.index(best) + 1 if best else 1


def examine(file: IO[bytes], name: str) -> None:
    """Refuse at once what a look at name, size and directory shows. Raises ValidationError on `file`."""
    ending = name.rpartition(".")[2].lower()
    if ending not in ("csv", "tsv", "txt", "xlsx"):
        raise invalid(file=_("Give an XLSX or a CSV file."))
    file.seek(0, 2)
    if not file.tell():
        raise invalid(file=_("This file is empty."))
    if file.tell() > SIZE:
        raise invalid(file=_("A file may have at most %(most)s MB.") % {"most": SIZE // 1_000_000})
    if ending != "xlsx":
        return
    entries = archives.entries_of(file)
    if "xl/workbook.xml" not in {one.filename for one in entries}:
        raise invalid(file=_("This is called .xlsx, but it is no workbook."))
    if archives.holds_macros(entries):
        raise invalid(file=_("This workbook holds macros. Save it without them and try again."))


def read(file: IO[bytes], name: str) -> Grid:
    """All rows of the file's first sheet. Raises Unreadable."""
    file.seek(0)
    grid = _workbook(file) if name.lower().endswith(".xlsx") else Grid(list(_table(file.read())))
    while grid.rows and not any(grid.rows[-1]):
        grid.rows.pop()
    if not grid.rows:
        raise Unreadable(_("There is nothing in this file."))
    return grid


def _table(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    csv.field_size_limit(MOST_TEXT * 10)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), 1):
            yield _bounded(number, [exports.unsafe(cell).strip() for cell in row])
    except csv.Error as error:
        raise Unreadable(_("This is no table of values: %(why)s") % {"why": error}) from error


def _decoded(data: bytes) -> str:
    if b"\x00" in data:
        raise Unreadable(_("This is called .csv, but its content is not text."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what older spreadsheets write


def _delimiter(text: str) -> str:
    head = text[:10_000].split("\n", 1)[0]
    return max(",;\t|", key=head.count)


def _bounded(number: int, cells: list[str]) -> list[str]:
    if number > MOST_ROWS + LOOKED_AT:
        raise Unreadable(_("There are more than %(most)s rows. Import it in parts.") % {"most": MOST_ROWS})
    if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
        raise Unreadable(_("There are more than %(most)s columns.") % {"most": MOST_COLUMNS})
    longest = max((len(cell) for cell in cells), default=0)
    if longest > MOST_TEXT:
        raise Unreadable(
            _("A cell of row %(row)s has more than %(most)s characters.") % {"row": number, "most": MOST_TEXT}
        )
    return cells[:MOST_COLUMNS]


def _workbook(file: IO[bytes]) -> Grid:
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # the library answers damaged parts with whatever it stumbled over
        raise Unreadable(_("This workbook is damaged.")) from error
    try:
        sheet: Any = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise Unreadable(_("This workbook has no visible sheet."))
        remarks = []
        if len(book.worksheets) > 1:
            remarks.append(_("Read is the sheet “%(name)s”; the others were left out.") % {"name": sheet.title})
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        rows = [
            _bounded(n, [_text(cell) for cell in row]) for n, row in enumerate(sheet.iter_rows(values_only=True), 1)
        ]
        formulas, merged = _marks(file, sheet._worksheet_path)
    finally:
        book.close()
    if formulas:
        words = ngettext(
            "%(count)s cell holds a formula; its last result was read.",
            "%(count)s cells hold formulas; their last results were read.",
            formulas,
        )
        remarks.append(words % {"count": formulas})
    if _points_elsewhere(file):
        remarks.append(_("It points to other files; none of them was opened."))
    if merged:
        _fill(rows, merged)
        remarks.append(_("Merged cells count for every row and column they span."))
    return Grid(rows, remarks)


def _points_elsewhere(file: IO[bytes]) -> bool:
    with zipfile.ZipFile(file) as archive:
        return any(name.startswith("xl/externalLinks/") for name in archive.namelist())


def _marks(file: IO[bytes], path: str) -> tuple[int, list[str]]:
    """How many formulas the sheet holds and which ranges are merged, read in pieces."""
    formulas, merged, rest = 0, [], b""
    with zipfile.ZipFile(file) as archive, archive.open(path.lstrip("/")) as sheet:
        while piece := sheet.read(_PIECE):
            text = rest + piece
            cut = text.rfind(b"<")
            text, rest = text[:cut], text[cut:]
            formulas += len(_FORMULA.findall(text))
            merged += [found.decode() for found in _MERGED.findall(text)]
    return formulas, merged


def _fill(rows: list[list[str]], merged: Sequence[str]) -> None:
    """Let every cell of a merged range hold its text; ranges without measure are left as they are."""
    for one in merged[:MOST_ROWS]:
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(one))
        if top > len(rows) or left > len(rows[top - 1]) or (right - left + 1) * (bottom - top + 1) > MOST_MERGED:
            continue
        value = rows[top - 1][left - 1]
        for number in range(top - 1, min(bottom, len(rows))):
            filled = rows[number] + [""] * (right - len(rows[number]))
            filled[left - 1 : right] = [value] * (right - left + 1)
            rows[number] = filled[:MOST_COLUMNS]


def _text(value: Any) -> str:
    """A cell as text: dates by ISO 8601, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
