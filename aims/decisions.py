"""The register of decisions: approvals, acceptances, votes, exceptions, classifications, triage, gates and refusals."""

from typing import Any

from aims.models import Decision
from aims.services import create


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
    """Enter a decision about a record. Call it inside the verb that carries the decision out.

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
