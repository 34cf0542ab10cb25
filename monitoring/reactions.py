"""What monitoring does when something happens below: who is named in a concern is kept off its case list."""

from monitoring.services.concerns import refuse_named
from organization.facts import ListedOnCase


def listed(fact: ListedOnCase) -> None:
    """Somebody was brought onto a case list: refused where the case is a concern that names them."""
    refuse_named(fact.record_id, fact.person)
