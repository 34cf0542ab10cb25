"""Makers of concerns."""

from datetime import UTC, date, datetime
from typing import Any

from monitoring import services
from monitoring.models import Concern
from organization.models import User
from tests.factories import person, root_unit

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = date(2026, 5, 4)  # a Monday
DATA = {"sort": "unfair", "told": "Applicants from one town are sorted out. I saw it in the list of May."}


def handler(where: Any = None, **more: Any) -> User:
    return person("concern_handler", where or root_unit(), **more)


def raised(by: User | None = None, **more: Any) -> Concern:
    """A concern by name (of somebody new when nobody is given)."""
    return services.raise_concern(by=by or person(), data={**DATA, **more}, at=NOON, on=DAY)


def whispered(**more: Any) -> tuple[Concern, str]:
    """A concern without a name, with its code."""
    return services.raise_anonymously(data={**DATA, **more}, at=NOON, on=DAY)


def looked_into(concern: Concern) -> Concern:
    by = concern.owner
    services.acknowledge_concern(fresh(concern), by=by, text="Thank you.", at=NOON)
    return services.look_into_concern(fresh(concern), by=by)


def answered(concern: Concern) -> Concern:
    looked_into(concern)
    said = {"verdict": "partly", "reasons": "Half of it is so.", "outcome": "The list is drawn anew."}
    return services.answer_concern(fresh(concern), by=concern.owner, at=NOON, **said)


def fresh(concern: Concern) -> Concern:
    """The row and its handler as they are now: whose case lists changed."""
    found = Concern.objects.select_related("owner").get(pk=concern.pk)
    concern.__dict__.update(found.__dict__)
    return found
