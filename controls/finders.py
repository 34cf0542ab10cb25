"""What the jump box finds in the catalogue: the answer sheet of a clause or control."""

from collections.abc import Iterator
from typing import Any

from aims.ui import Link
from controls.models import Clause, Control

MOST = 8


def named(user: Any, text: str) -> Iterator[Link]:
    """The answer sheet that the text names exactly: `A.6.2.4`, `6.1.3`."""
    for model in (Control, Clause):
        for row in model.objects.filter(number__iexact=text):
            yield Link(str(row), row.get_absolute_url())


def similar(user: Any, text: str) -> Iterator[Link]:
    """Answer sheets whose number begins with the text or whose title has its words."""
    for model in (Control, Clause):
        for row in model.objects.matching(text).exclude(number__iexact=text)[:MOST]:
            yield Link(str(row), row.get_absolute_url())
