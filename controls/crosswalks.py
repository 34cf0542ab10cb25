"""Reads files of other frameworks into their tables: the documented YAML, or a CISO Assistant library.

The format is told in docs/crosswalks.md. A file with an error is refused whole, with every error by its place.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import rfc8785
import yaml
from django.utils.translation import gettext as _

from aims.trail import recording
from controls.models import Clause, Control, Counterpart, Framework, OtherRow
from controls.models.catalogue import OURS
from controls.states import Ours, Relationship

FOLDER = Path(__file__).parent / "data" / "crosswalks"
MOST_ROWS, LONGEST_TITLE, LONGEST_NUMBER = 5000, 200, 60
_ABOUT = ("id", "title", "edition", "data_version", "words", "source")
_ROW = {"id", "title", "parent", "heading", "maps"}
_MAP = {"to", "relationship", "rationale"}
_REVIEW = ("reviewed_by", "reviewed_at", "review_note")


class Unfit(ValueError):
    """The file cannot be taken; `errors` says where and why."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = list(errors)


def load_crosswalks(folder: Path = FOLDER) -> list[str]:
    """Bring every framework that comes with the product up to its file; answers the keys of those that changed."""
    stored = set(Framework.objects.values_list("digest", flat=True))
    files = [path for path in sorted(folder.glob("*.yaml")) if digest_of(path.read_bytes()) not in stored]
    return [load_framework(path.read_bytes()).key for path in files]


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def load_framework(content: bytes) -> Framework:
    """Take one file. Rows that a newer file no longer has are deleted. Raises Unfit, and then nothing changes."""
    targets = _targets()
    data = _sound(content, set(targets))
    about = data["framework"]
    with recording(None, "load_framework", reason=f"{about['id']} {about['data_version']}"):
        values = {name: about[name] for name in _ABOUT if name != "id"}
        framework = Framework.objects.update_or_create(
            key=about["id"], defaults={**values, "ours": about.get("ours", []), "digest": digest_of(content)}
        )[0]
        rows = _rows(framework, data["rows"])
        Counterpart.objects.filter(row__framework=framework).delete()
        Counterpart.objects.bulk_create(
            Counterpart(row=rows[row["id"]], number=one["to"], **targets[one["to"]], **_said(one))
            for row in data["rows"]
            for one in row.get("maps", [])
        )
        return framework


def check_framework(content: bytes) -> str:
    """Say what a file would bring, without taking it. Raises Unfit."""
    rows = _sound(content, set(_targets()))["rows"]
    maps = sum(len(row.get("maps", [])) for row in rows)
    return _("%(rows)d rows, %(maps)d counterparts: nothing is wrong with it.") % {"rows": len(rows), "maps": maps}


def _sound(content: bytes, targets: set[str]) -> dict[str, Any]:
    data = read(content)
    if errors := list(errors_in(data, targets)):
        raise Unfit(errors)
    return data


def _rows(framework: Framework, given: Sequence[Mapping[str, Any]]) -> dict[str, OtherRow]:
    looked_at = {row.number: row for row in framework.rows.exclude(reviewed_by=None)}
    made = [
        OtherRow(
            framework=framework, number=row["id"], title=row.get("title", ""), parent=row.get("parent", ""),
            heading=row.get("heading", False), position=position, digest=_digest_of_row(row),
        )
        for position, row in enumerate(given)
    ]  # fmt: skip
    for row in made:
        _keep_review(row, looked_at.get(row.number))
    kept = OtherRow.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["framework", "number"],
        update_fields=["title", "parent", "heading", "position", "digest", *_REVIEW],
    )  # fmt: skip
    OtherRow.objects.filter(framework=framework).exclude(number__in=[row.number for row in kept]).delete()
    return {row.number: row for row in kept}


def _digest_of_row(row: Mapping[str, Any]) -> str:
    return digest_of(rfc8785.dumps(dict(row)))


def _keep_review(row: OtherRow, before: OtherRow | None) -> None:
    """Who looked at a row looked at what it said then: only where it says the same does the review stay."""
    if before is not None and before.digest == row.digest:
        for name in _REVIEW:
            setattr(row, name, getattr(before, name))


def _said(one: Mapping[str, Any]) -> dict[str, str]:
    return {
        "relationship": one.get("relationship", Relationship.RELATED.value),
        "rationale": one.get("rationale", ""),
    }


def _targets() -> dict[str, dict[str, Any]]:
    """Number → what a counterpart points to: every clause and control of ours."""
    found: dict[str, dict[str, Any]] = {row.number: {"clause": row} for row in Clause.objects.with_requirements()}
    return found | {row.number: {"control": row} for row in Control.objects.filter(framework__key=OURS)}


def read(content: bytes) -> dict[str, Any]:
    """The file as data of the documented format; a CISO Assistant library is put into it. Raises Unfit."""
    try:
        data = yaml.load(content, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unfit([_("This is no YAML: %(why)s") % {"why": str(error).splitlines()[0]}]) from error
    if not isinstance(data, dict):
        raise Unfit([_("The file is a mapping of `framework` and `rows`.")])
    return from_library(data) if isinstance(data.get("objects"), dict) else data


def from_library(data: Mapping[str, Any]) -> dict[str, Any]:
    """Of a CISO Assistant library: numbers, names and structure, never its descriptions. It brings no counterparts."""
    found = data["objects"].get("framework")
    if not isinstance(found, dict) or not isinstance(found.get("requirement_nodes"), list):
        raise Unfit([_("This library has no framework with requirement_nodes.")])
    nodes = [node for node in found["requirement_nodes"] if isinstance(node, dict)]
    numbers = {str(node.get("urn")): _number_of(node) for node in nodes}
    source = _("CISO Assistant library %(urn)s; numbers, names and structure only.") % {"urn": data.get("urn", "")}
    about = {
        "id": str(found.get("ref_id") or data.get("ref_id") or "").lower(),
        "title": str(found.get("name") or ""),
        "edition": str(data.get("name") or found.get("name") or ""),
        "data_version": str(data.get("version") or ""),
        "words": str(data.get("copyright") or _("Names as the library gives them.")).strip(),
        "source": source,
    }
    rows = [
        {
            "id": numbers[str(node.get("urn"))],
            "title": str(node.get("name") or "")[:LONGEST_TITLE],
            "parent": numbers.get(str(node.get("parent_urn")), ""),
            "heading": not node.get("assessable", False),
        }
        for node in nodes
    ]
    return {"framework": about, "rows": rows}


def _number_of(node: Mapping[str, Any]) -> str:
    """Its own number, else the end of its name on the network."""
    return str(node.get("ref_id") or str(node.get("urn", "")).rpartition(":")[2])


def errors_in(data: Mapping[str, Any], targets: set[str]) -> Iterator[str]:
    """Everything that is wrong with a file, each with its place."""
    about, rows = data.get("framework"), data.get("rows")
    yield from (_("`%(name)s` is not known.") % {"name": name} for name in sorted(set(data) - {"framework", "rows"}))
    if not isinstance(about, dict) or not isinstance(rows, list) or not rows:
        yield _("The file is a mapping of `framework` and `rows`.")
        return
    for name in _ABOUT:
        if not isinstance(about.get(name), str) or not about[name].strip():
            yield _("framework: `%(name)s` is a text and must be given.") % {"name": name}
    ours = about.get("ours", [])
    if not isinstance(ours, list) or set(map(str, ours)) - set(Ours.values):
        yield _("framework: `ours` is a list of: %(words)s.") % {"words": ", ".join(Ours.values)}
    if about.get("id") == OURS:
        yield _("framework: the catalogue itself comes with the product.")
    if len(rows) > MOST_ROWS:
        yield _("rows: at most %(most)d.") % {"most": MOST_ROWS}
        return
    numbers: set[str] = set()
    for place, row in enumerate(rows, start=1):
        yield from (f"{_('row')} {place}: {said}" for said in _wrong_in_row(row, numbers, targets))
    for place, row in enumerate(rows, start=1):
        if isinstance(row, dict) and row.get("parent") and row["parent"] not in numbers:
            yield _("row %(place)d: there is no row %(parent)s.") % {"place": place, "parent": row["parent"]}


def _wrong_in_row(row: Any, numbers: set[str], targets: set[str]) -> Iterator[str]:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"].strip():
        yield _("a mapping with `id`, a text.")
        return
    yield from (_("`%(name)s` is not known.") % {"name": name} for name in sorted(set(map(str, row)) - _ROW))
    if row["id"] in numbers:
        yield _("%(id)s is there already.") % {"id": row["id"]}
    numbers.add(row["id"])
    if len(row["id"]) > LONGEST_NUMBER:
        yield _("`id`: at most %(most)d letters.") % {"most": LONGEST_NUMBER}
    for name in ("title", "parent"):
        if not isinstance(row.get(name, ""), str) or len(row.get(name, "")) > LONGEST_TITLE:
            yield _("`%(name)s`: a text of at most %(most)d letters, in your own words.") % {
                "name": name, "most": LONGEST_TITLE,
            }  # fmt: skip
    if not isinstance(row.get("heading", False), bool):
        yield _("`heading`: true or false.")
    maps = row.get("maps", [])
    if not isinstance(maps, list):
        yield _("`maps`: a list.")
        return
    yield from _wrong_in_maps(maps, targets)


def _wrong_in_maps(maps: Sequence[Any], targets: set[str]) -> Iterator[str]:
    seen = set()
    for one in maps:
        if not isinstance(one, dict) or set(map(str, one)) - _MAP:
            yield _("`maps`: mappings of `to`, `relationship` and `rationale`.")
            continue
        to, relationship = one.get("to"), one.get("relationship", Relationship.RELATED.value)
        if to not in targets:
            yield _("there is no clause or control %(to)s.") % {"to": to}
        if to in seen:
            yield _("%(to)s is named twice.") % {"to": to}
        seen.add(to)
        if relationship not in Relationship.values:
            yield _("%(to)s: the relationship is supports, partial or related.") % {"to": to}
        elif relationship != Relationship.RELATED and not str(one.get("rationale") or "").strip():
            yield _("%(to)s: what is more than related says why.") % {"to": to}
