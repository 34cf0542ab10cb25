"""What the verbs of concerns share: deadlines, whom a text names, who handles it."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from aims.errors import invalid
from aims.plans import every_of
from aims.registry import registry
from aims.services import create
from aims.working_days import next_working_day
from monitoring.models import Concern, Entry
from monitoring.states import ACKNOWLEDGE, ANSWERED
from organization.models import User


def deadline(on: date, tier: str = "") -> date:
    """The day until which a concern of `on` is acknowledged or answered: by the cadence in force, on a working day."""
    return next_working_day(every_of(registry.due_sources["concern"], tier).after(on, 1))


def deadlines(on: date) -> dict[str, date]:
    """Both, as columns. An answer is never due before the acknowledgement, whatever cadences were set."""
    first = deadline(on, ACKNOWLEDGE)
    return {"acknowledge_by": first, "answer_by": max(first, deadline(on)), "due_on": first}


def people_in(text: str) -> list[User]:
    """Active people whom the lines of a text name: by e-mail or full name somewhere in it, or a line by parts of a name.

    Rather one too many than one too few: who is named does not see the case, whoever else has the same name.
    """
    lines = [set(_words(line)) for line in re.split(r"[\n,;]", text)]
    whole = f" {' '.join(_words(text))} "
    return [one for one in User.objects.active() if _named(one, text.lower(), whole, lines)]


def _named(person: User, text: str, whole: str, lines: Iterable[set[str]]) -> bool:
    name = _words(person.name)
    if person.email.lower() in text or (name and f" {' '.join(name)} " in whole):
        return True
    return any(line and line <= set(name) for line in lines)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def least_busy(people: Collection[User]) -> User:
    """Who has the fewest open concerns; the first of them."""
    own = Count("pk", filter=~Q(state__in=ANSWERED))
    rows = Concern.objects.filter(owner__in=people).order_by().values_list("owner").annotate(n=own)
    busy: dict[int, int] = dict(rows)
    return min(people, key=lambda one: (busy.get(one.pk, 0), one.pk))


def say(concern: Concern, sort: str, text: str, *, at: Any, author: User | None = None) -> Entry:
    """Write an entry. Errors: ValidationError when it says nothing."""
    if not (text or "").strip():
        raise invalid(text=_("This must be said."))
    return create(Entry(concern=concern, sort=sort, text=text.strip(), author=author, written_at=at))


def fresh(concern: Concern) -> Concern:
    """The row with the version that its parts raised."""
    concern.refresh_from_db(fields=["version", "updated_at"])
    return concern
