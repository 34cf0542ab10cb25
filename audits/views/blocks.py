"""Small tables below a record's facts: one shape for teams, actions, verdicts and whatever else belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aims.ui import HeadCell, Link, Register, Row


@dataclass(frozen=True)
class Block:
    """A titled table, or the sentence that says that there is nothing yet; `add` leads to what adds a row, `more` to files."""

    id: str
    title: str
    table: Register
    none: str
    add: Link | None = None
    more: Sequence[Link] = ()


def block(
    name: str, title: str, head: Sequence[Any], rows: Sequence[Sequence[Any]], *, none: str, add: Link | None = None,
    urls: Sequence[str] = (), refs: Sequence[str] = (), more: Sequence[Link] = (),
) -> Block:  # fmt: skip
    """A table from plain cells; the first cell of a row links to its address in `urls`, with the reference in `refs`."""
    cells = [HeadCell(f"c{number}", str(label)) for number, label in enumerate(head)]
    made = [
        Row(cells=row, url=urls[number] if urls else "", ref=refs[number] if refs else "")
        for number, row in enumerate(rows)
    ]
    return Block(name, title, Register(head=cells, rows=made, total=len(made), caption=title), none, add, more)
