"""The thread behind a record: everything that belongs to it, stretch by stretch, as the apps that keep it tell it.

An app registers a `ThreadEdge` for a kind that it may name; the kernel adds what any record has: what was decided
about it and about what hangs on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.models import Decision
from aims.registry import RecordTab, ThreadEdge, registry
from aims.ui import Badge, Knot

MOST = 100  # knots of one stretch; who wants more opens the register


@dataclass(frozen=True)
class Stretch:
    """A heading with its knots; `missing` says what is not there, `more` that there are further knots."""

    id: str
    title: str
    knots: Sequence[Knot]
    missing: str = ""
    more: bool = False

    @property
    def gaps(self) -> int:
        return sum(knot.gap for knot in self.knots) + bool(self.missing)


def stretches(user: Any, record: Any) -> list[Stretch]:
    """The whole thread of a record as this person sees it, at the date being read."""
    return [_stretch(edge, user, record) for edge in registry.thread_of(record.kind)]


def _stretch(edge: ThreadEdge, user: Any, record: Any) -> Stretch:
    found = list(islice(edge.walk(user, record), MOST + 1))
    missing = "" if found else str(edge.missing)
    return Stretch(edge.id, str(edge.title), found[:MOST], missing, len(found) > MOST)


def tab(kind: str) -> RecordTab:
    """The tab that shows the thread on the pages of a kind."""
    return RecordTab(kind, "thread", gettext_lazy("Thread"), "kit/thread.html", _build, order=80)


def _build(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    told = [one for one in stretches(request.user, record) if one.knots or one.missing]
    return {"stretches": told, "gaps": sum(one.gaps for one in told)}


def decided(user: Any, record: Any) -> Iterator[Knot]:
    """What was decided about the record and about what hangs on it, as far as the person sees that."""
    about = Q(record=record.pk) | Q(record__anchor_id=record.pk)
    rows = Decision.objects.visible_to(user).filter(about).select_related("record", "decided_by")
    for row in rows.order_by("decided_at", "pk")[: MOST + 1]:
        card = registry.roles.get(row.capacity)
        by = f"{row.decided_by}, {card.name}" if card is not None else str(row.decided_by or "")
        yield Knot(
            f"{row.record.ref}: {row.question}", row.record.get_absolute_url(), row.decided_at,
            Badge(row.outcome, "bad" if row.refused else "good"), by, _conditions(row),
        )  # fmt: skip


def _conditions(row: Decision) -> str:
    return f"{row.reason} {_('On condition:')} {row.conditions}" if row.conditions else row.reason


DECIDED = ThreadEdge("*", "approvals", gettext_lazy("Approvals"), decided, gettext_lazy("Nothing was decided."), 70)
