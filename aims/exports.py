"""Registers as CSV and XLSX, safe from formula injection, streamed."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

# A cell beginning so would be run by a spreadsheet; a leading apostrophe keeps it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: str) -> str:
    """The text as a spreadsheet may hold it in CSV: `=1+1` becomes `'=1+1`. `unsafe` undoes it exactly."""
    return f"'{value}" if value.lstrip(" ").startswith((*_FORMULA, "'")) else value


def unsafe(value: str) -> str:
    """The text that `safe` was given."""
    return value[1:] if value.startswith("'") and value[1:].lstrip(" ").startswith((*_FORMULA, "'")) else value


def plain(value: Any) -> Any:
    """A value as exports write it: people and records by name, lists joined, moments in ISO 8601 with zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(str(plain(item)) for item in value)
    return str(value)


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Stream rows as UTF-8 CSV."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([safe(str(label)) for label in head])
        for row in rows:
            cells = [plain(value) for value in row]
            yield writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in cells])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Rows as a workbook of one sheet; every text cell is typed as text, so none is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        value = plain(value)
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, value="".join(c for c in value[:32_000] if c >= " " or c in "\t\n"))
        made.data_type = "s"
        return made

    sheet.append([cell(str(label)) for label in head])
    for row in rows:
        sheet.append([cell(value) for value in row])
    buffer = BytesIO()
    book.save(buffer)
    response = HttpResponse(
        buffer.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
