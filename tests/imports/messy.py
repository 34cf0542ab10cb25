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


WEEK = [
    "Nr",
    "Anwendung",
    "Description",
    "Verantwortlich",
    "Abteilung",
    "Risk level",
    "Begründung",
    "Go-live",
    "Kosten",
]
ABOVE = ["Register of AI systems / KI-Verzeichnis", "", "", "Responsible", "", "Rating", "", "", ""]
WEEK_MEANS = {  # what a person says that the odd words of the first week's sheet mean, by the page's words
    "": "Olga Officer · olga@lampenhaus.example",
    "ask James": "Olga Officer · olga@lampenhaus.example",
    "Frankreich": "Lampenhaus France",
    "LH GmbH": "Lampenhaus GmbH",
    "H": "High",
    "3": "High",
    "hoch": "High",
    "M": "Medium",
    "TBD": "Leave empty",
}


def first_week(count=300):
    """The sheet of an organization's first week: two rows of headings, levels in eight spellings, owners missing or
    unknown, dates in three notations, every 50th line noted twice, half of it in German.
    """
    random = Random(42)
    found = [ABOVE, WEEK]
    for n in range(1, count + 1):
        repeats = n % 50 == 0
        name = found[-1][1] if repeats else f"{NAMES[n % len(NAMES)]} {chr(65 + n % 26)}{n}"
        owner = random.choice(["Olga Officer", "olga@lampenhaus.example", "nia.neu@lampenhaus.example"])
        owner = "" if n % 40 == 0 else "ask James" if n % 37 == 0 else owner
        place = random.choice(["Lampenhaus GmbH", "lampenhaus france", "Frankreich", "LH GmbH"])
        level = random.choice(["High", "high", "H", "3", "hoch", "M", "low", "TBD", ""])
        why = "" if level in ("TBD", "") else random.choice(["Many people.", "Betrifft Bewerber."])
        day = random.choice(["2024-03-31", "31.03.2024", "25/03/2024", ""])
        purpose = random.choice(PURPOSES)
        found.append([f"K-{n}", name, purpose, owner, place, level, why, day, str(1000 + n % 7)])
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
