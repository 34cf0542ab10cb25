"""A sheet as organizations really have them: 300 AI systems, levels in five spellings, owners missing, two languages."""

import io
import re
import zipfile
from random import Random

from openpyxl import Workbook

HEAD = [
    "Nr",
    "Anwendung",
    "Description",
    "Verantwortlich",
    "Abteilung",
    "Risk level",
    "Go-live",
    "Cost centre",
    "Bought",
]
LEVELS = ["High", "high", "H", "3", "TBD", "", "medium", "M", "low", "ask James"]
NAMES = [
    "Churn forecast",
    "Invoice reader",
    "Chat helper",
    "Photo tagger",
    "Route planner",
    "Demand forecast",
    "CV screening",
]
PURPOSES = [
    "Predicts which customers leave.",
    "Liest Rechnungen ein.",
    "Answers questions of customers.",
    "Sortiert Bilder.",
]


def rows(count, owners, units, seed=1):
    """Heading and lines. Every 50th line repeats an earlier name, every 40th has no owner."""
    random = Random(seed)
    found = [HEAD]
    for n in range(1, count + 1):
        name = f"{random.choice(NAMES)} {n if n % 50 else n - 1}"
        owner = "" if n % 40 == 0 else random.choice(owners)
        day = random.choice(["2024-03-31", "31.03.2024", "25/03/2024"]) if n % 3 else ""
        line = [f"K-{n}", name, random.choice(PURPOSES), owner, random.choice(units), random.choice(LEVELS)]
        found.append([*line, day, str(1000 + n % 7), random.choice(["yes", "nein", "x", ""])])
    return found


def workbook(lines, *, prepare=None):
    """The lines as the bytes of an XLSX file, the same at any time of day; `prepare(sheet)` may spoil it."""
    book = Workbook()
    for line in lines:
        book.active.append(line)
    if prepare:
        prepare(book.active)
    out = io.BytesIO()
    book.save(out)
    return timeless(out)


def timeless(file):
    """The archive without the moment at which it was written: the same lines are the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as found, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in found.namelist():
            data = found.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", data)
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    out.seek(0)
    return out


def csv(lines, delimiter=";", encoding="utf-8"):
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    return io.BytesIO(text.encode(encoding))
