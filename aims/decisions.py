"""The register of decisions: approvals, acceptances, votes, exceptions, classifications, triage, gates and refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import translation

from aims.models import Decision
from aims.registry import registry
from aims.services import create


@contextmanager
def our_language() -> Iterator[None]:
    """Words that are kept for everybody are in the organization's language, whoever's verb it is that writes them."""
    with translation.override(registry.language()):
        yield


def decide(
    record: Any,
    *,
    by: Any,
    capacity: str,
    sort: str,
    question: Any,
    outcome: Any,
    reason: str,
    **more: Any,
) -> Decision:
    """Enter a decision about a record. Call it inside the verb that carries the decision out, in `our_language`.

    `more`: options, dissent, conditions, until, refused.
    """
    entry = Decision(
        record_id=record.pk,
        decided_by=by,
        capacity=capacity,
        sort=sort,
        question=str(question),
        outcome=str(outcome),
        reason=reason,
        **more,
    )
    return create(entry)
