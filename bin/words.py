#!/usr/bin/env python3
"""The product's words in other languages: locale/<language>/LC_MESSAGES/django.po, compiled beside it.

bin/words.py                        compile what changed
bin/words.py --check                fail when a translation lost a placeholder or a tag; say how many are missing
bin/words.py --gather [LANGUAGE…]   take new words of the program in and leave out those gone, also begin a
                                    language (needs GNU gettext)
"""

import os
import re
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib  # type: ignore[import-untyped]
import yaml

ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE = ("bin", "clients", "docs", "node_modules", "static", "tests", "var", ".venv")
# What a translation takes over as it is: placeholders, percent signs, tags.
KEPT = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{[\w.!:]*\}|</?[a-z][^>]*>")
# Data files whose words the program hands to gettext one by one: what stands under these keys.
DATA = {"inventory/data/rules/*.yaml": ("text", "label", "help", "name", "provision", "confidence", "duties"),
        "inventory/data/vocabulary.yaml": ("needs",)}  # fmt: skip
AS_CODE = ROOT / "inventory" / "data" / "words.py"  # while words are gathered
# Of no use to a reader, and another at each gathering.
NOISE = ("POT-Creation-Date", "PO-Revision-Date", "Report-Msgid-Bugs-To", "Last-Translator", "Language-Team")


def languages() -> list[Path]:
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))


def compile_changed() -> None:
    for words in languages():
        made = words.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < words.stat().st_mtime:
            fresh = made.with_suffix(f".{os.getpid()}")
            polib.pofile(str(words)).save_as_mofile(str(fresh))
            fresh.replace(made)


def check() -> int:
    """Exit status 1 when a translation would break a sentence."""
    bad = 0
    for words in languages():
        language, file = words.parent.parent.name, polib.pofile(str(words))
        wrong = [f"{old!r}: {new!r}" for entry in file.translated_entries() for old, new in broken(entry)]
        bad += len(wrong)
        missing = len(file.untranslated_entries()) + len(file.fuzzy_entries())
        print(*(f"{language}: {line}" for line in wrong), f"{language}: {missing} not translated", sep="\n")
    return 1 if bad else 0


def broken(entry: Any) -> Iterator[tuple[str, str]]:
    """Original and translation of what lost or gained a placeholder or a tag; one of something may leave its number out."""
    if not entry.msgid_plural:
        pairs = [(entry.msgid, entry.msgstr)]
    else:
        one, *more = (entry.msgstr_plural[form] for form in sorted(entry.msgstr_plural))
        pairs = [(entry.msgid_plural, each) for each in more]
        if kept(one) - kept(entry.msgid_plural):
            yield entry.msgid, one
    yield from ((old, new) for old, new in pairs if kept(old) != kept(new))


def kept(text: str) -> Counter[str]:
    return Counter(KEPT.findall(text))


def of_data() -> Iterator[str]:
    """Words of data files, and the names of countries."""
    for pattern, keys in DATA.items():
        for path in sorted(ROOT.glob(pattern)):
            yield from under(yaml.safe_load(path.read_text(encoding="utf-8")), keys)
    yield from runpy.run_path(str(ROOT / "inventory" / "countries.py"))["COUNTRIES"].values()


def under(value: Any, keys: tuple[str, ...], said: bool = False) -> Iterator[str]:
    """Every text under one of the keys; of a list of needs each one's text."""
    if isinstance(value, dict):
        texts = ("text",) if said and "needs" in keys else keys
        for key, one in value.items():
            yield from under(one, keys, said=key in texts)
    elif isinstance(value, list):
        for one in value:
            yield from under(one, keys, said)
    elif said and isinstance(value, str) and value:
        yield value


def gather(begun: list[str]) -> None:
    names = [words.parent.parent.name for words in languages()] + begun
    (ROOT / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "django", "makemessages", "--no-obsolete", "--add-location=file", "--no-wrap"]
    command += [word for name in names for word in ("--locale", name)]
    command += [word for folder in ELSEWHERE for word in ("--ignore", f"{folder}/*")]
    AS_CODE.write_text("".join(f"_({text!r})\n" for text in of_data()), encoding="utf-8")
    try:
        subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "DJANGO_SETTINGS_MODULE": ""})
    finally:
        AS_CODE.unlink()
    for words in languages():
        file = polib.pofile(str(words), wrapwidth=0)
        file.header = ""
        file.metadata = {name: value for name, value in file.metadata.items() if name not in NOISE}
        file.metadata_is_fuzzy = False
        for entry in file:
            entry.occurrences = [(place.replace("inventory/data/words.py", "inventory/data"), line)
                                 for place, line in entry.occurrences]  # fmt: skip
        for entry in file.fuzzy_entries():  # a guess is no translation
            entry.flags.remove("fuzzy")
            entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
        file.save()


if __name__ == "__main__":
    if "--gather" in sys.argv:
        gather([word for word in sys.argv[1:] if not word.startswith("-")])
    elif "--check" in sys.argv:
        sys.exit(check())
    else:
        compile_changed()
