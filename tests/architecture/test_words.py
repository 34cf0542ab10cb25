"""Every word of every page goes through gettext: pages are drawn in a language that marks what it translated.

What shows unmarked and is no data was forgotten.
"""

import re
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import translation
from lxml import html

from inventory.countries import COUNTRIES
from tests.walk.cells import client_of
from tests.walk.stage import pages, walked_world

OPENING, CLOSING = "⟦", "⟧"
SPOKEN = ("aria-label", "title", "placeholder", "alt", "aria-description")
SILENT = {"script", "style", "code", "pre", "template", "svg"}
# Names and signs that are the same in every language.
NAMES = re.compile(
    r"\b(AIMS|ISO|IEC|CSV|XLSX|PDF|SHA-256|API|EU|AI|Ctrl|Esc|OK|ID|JSON|RFC|UTC|English|Deutsch|German|MB|KB|bytes|kB|Enter|NIST|RMF)\b"
    r"|\b[A-Z]{2,4}-\d+\b|[\w.+-]+@[\w.-]+|https?://\S+|/\S+/([\w-]+\.\w+)?|\b[A-Z]\.\d+(\.\d+)*\b|\baims_\w+…?"
)


# Pages that show what has no words of its own: verbs by their ids; templates of the sign-in library.
UNWORDED = {"role_list", "socialaccount_login_cancelled"}


@pytest.fixture
def marked(monkeypatch):
    """Every translation is put between marks; plural forms too."""
    engine = translation._trans

    def marking(name):
        original = getattr(engine, name)
        return lambda *words, **more: f"{OPENING}{original(*words, **more)}{CLOSING}"

    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        monkeypatch.setattr(engine, name, marking(name))


@pytest.fixture
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), walked_world() as found:
        yield found


@pytest.mark.xdist_group("words")
def test_every_word_of_every_page_is_translated(world, request):
    persona = world.personas["aims_manager"]
    client, data, forgotten = client_of(persona), None, {}
    data = stored_texts()
    request.getfixturevalue("marked")
    for cell in pages(world):
        if cell.route.name in UNWORDED:
            continue
        answer = client.get(cell.path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            for words in spoken(answer.content.decode()):
                left = unmarked(words, data)
                if left:
                    forgotten.setdefault(left, f"{cell.route.name}: {words.strip()[:120]}")
    assert not forgotten, f"{len(forgotten)} not translated:\n" + "\n".join(sorted(forgotten.values()))


def spoken(page: str) -> Iterator[str]:
    """What a page says to eyes and ears."""
    tree = html.fromstring(page)
    for element in tree.iter():
        if not isinstance(element.tag, str) or _silent(element):
            continue
        yield from (text for text in (element.text, *(child.tail for child in element)) if text and text.strip())
        yield from (element.get(name) for name in SPOKEN if element.get(name))


def _silent(element) -> bool:
    return element.tag in SILENT or any(above.tag in SILENT for above in element.iterancestors())


def unmarked(words: str, data: frozenset[str]) -> str:
    """What is left of a text without its translated parts, data, names and numbers; "" when nothing is."""
    text, before = words, None
    while text != before:
        text, before = re.sub(f"{OPENING}[^{OPENING}{CLOSING}]*{CLOSING}", " ", text), text
    if OPENING in text or CLOSING in text:  # a part of a translated text
        return ""
    for part in re.split(r"\s*[·|›→,;:()“”]\s*|\n", text.strip()):
        kept = part.strip()
        if re.fullmatch(r"[A-Z]{1,2}\d*", kept):  # a person's initials
            continue
        if kept in data or NAMES.sub("", kept).strip() in data:
            continue
        left = re.sub(r"[\W\d_]+", " ", NAMES.sub(" ", kept)).strip()
        if left and not _of_data(kept, data):
            return left
    return ""


def _of_data(text: str, data: frozenset[str]) -> bool:
    """Whether the text is a piece of a stored one, or made of stored ones."""
    return any(text in one for one in data) or all(word in data for word in text.split())


def stored_texts() -> frozenset[str]:
    """What people and catalogues wrote: every text of every table that is no event, and of the data files."""
    found: set[str] = {"sample", "samples", *zoneinfo.available_timezones(), *COUNTRIES.values()}
    for model in apps.get_models():
        if model._meta.label.endswith("Event") or not model._meta.managed or model._meta.app_label == "sessions":
            continue
        names = [f.name for f in model._meta.concrete_fields if isinstance(f, _TEXTS)]
        for row in model._default_manager.values_list(*names) if names else ():
            found.update(texts for value in row for texts in _texts_in(value))
    for path in Path(settings.BASE_DIR).glob("*/data/*.yaml"):
        found.update(_texts_in(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)))
    pieces = {piece for text in found for piece in (*re.split(r"\s*[·|›→,;:()“”]\s*|\n", text), *text.split())}
    return frozenset({one for one in found | pieces if one})


_TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in (*value, *value.values()) for text in _texts_in(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in _texts_in(one))
