"""What the verbs of impact share."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import Hidden, WrongState, invalid
from aims.rhythm import Every
from aims.services import create
from impact.models import Author, ImpactAssessment
from inventory.rulebook import tier_rules


def require_text(**texts: str) -> None:
    """ValidationError for each text that is empty."""
    empty = {name: _("This must be said.") for name, text in texts.items() if not (text or "").strip()}
    if empty:
        raise invalid(**empty)


def require_draft(assessment: ImpactAssessment) -> None:
    if not assessment.draft:
        raise WrongState(_("What was submitted does not change; return it to its authors first."))


def require_active(**people: Any) -> None:
    """Who is named can sign in."""
    gone = {name: _("Name somebody who is here.") for name, one in people.items() if one is None or not one.is_active}
    if gone:
        raise invalid(**gone)


def require_seen(by: Any, records: Iterable[Any]) -> None:
    """What one may not see cannot be linked."""
    access = access_of(by)
    if not all(access.sees(record) for record in records):
        raise Hidden


def note_author(assessment: ImpactAssessment, by: Any, discipline: str = "") -> None:
    """Whoever writes is an author from then on."""
    if by is not None and not assessment.authors.filter(person=by).exists():
        create(Author(assessment=assessment, person=by, discipline=discipline))


def purpose_digest(system: Any) -> str:
    """What an approval binds to beside the version: purpose and intended use, word for word."""
    said = json.dumps([system.purpose, system.intended_use], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def fresh(record: Any) -> Any:
    """The row with the version that its parts raised."""
    record.refresh_from_db(fields=["version", "updated_at"])
    return record


def cadence(tier: str, on: date) -> date:
    """The day on which what was decided today is looked at again, by the rules of the tier in force."""
    return Every(int(tier_rules(tier, on)["cadence_months"]), "months").after(on, 1)
