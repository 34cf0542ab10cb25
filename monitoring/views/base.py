"""What the pages of concerns share."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from aims.models import Record
from inventory.models import AISystem
from monitoring.models import Concern, ConcernLink
from monitoring.states import EntrySort


def seen(rows: Any, user: Any) -> Any:
    """Concerns with what they show: entries, people, and links to records that the person sees."""
    links = ConcernLink.objects.filter(record__in=Record.objects.visible_to(user)).select_related("record")
    return rows.select_related("unit", "owner", "raised_by").prefetch_related(
        Prefetch("system", AISystem.objects.visible_to(user)), Prefetch("links", links.order_by("pk")), "entries__author",
        "people__person",
    )  # fmt: skip


def messages(concern: Concern) -> list[Any]:
    """What who raised it and the handlers wrote to each other; never a note."""
    return list(concern.entries.exclude(sort=EntrySort.NOTE).order_by("pk"))


def protection() -> list[str]:
    """What everybody is promised who raises a concern."""
    return [
        _(
            "Nobody may be treated worse because they raised a concern in good faith, were a witness, or looked into one. "
            "Whoever tries it breaks our rules, whatever their position; tell us, and it is handled as a concern of its own."
        ),
        _("Your concern shows only to the few people who handle concerns, and to nobody whom you name in it."),
    ]


def may_be_anonymous() -> bool:
    return bool(settings.ANONYMOUS_CONCERNS)
