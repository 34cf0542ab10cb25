"""Evidence on the thread: what speaks for a record and for what hangs on it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof
from aims.registry import ThreadEdge
from aims.ui import Badge, Knot
from evidence.models import EvidenceItem, EvidenceLink


def evidence(user: Any, record: Any) -> Iterator[Knot]:
    """Current evidence of the record and of the records anchored on it, by the day it was received."""
    about = Q(record=record.pk) | Q(record__anchor_id=record.pk)
    seen = EvidenceItem.objects.visible_to(user).filter(state="current")
    rows = EvidenceLink.objects.filter(about, item__in=seen.values("pk")).select_related("item", "record")
    for row in rows.order_by("item__received_at", "pk"):
        item, late = row.item, row.item.expires_on is not None and row.item.expires_on < asof.day()
        badge = Badge(_("Expired"), "bad") if late else None
        words = _("%(proves)s (%(ref)s)") % {"proves": row.proves or item.proves, "ref": row.record.ref}
        yield Knot(item.title, item.get_absolute_url(), item.received_at, badge, text=words, gap=late)


EVIDENCE = ThreadEdge("*", "evidence", gettext_lazy("Evidence"), evidence, gettext_lazy("No evidence is linked."), 60)
