"""A release on its way through the gate, with the checks of every app, and the token of a pipeline."""

from datetime import timedelta

from aims import clock
from inventory.models import AISystem
from organization.services.tokens import issue_token
from organization.states import Role
from tests.factories import impact, inventory, person, risk, root_unit


def on_the_way(title, *, stage="verification_validation", number="1.0"):
    """A version whose gate asks for nothing but the impact assessment, which is in review."""
    release = inventory.ready(title=title, stage=stage, number=number, purpose="Find fraud", intended_use="Hold orders")
    system = AISystem.objects.get(pk=release.system_id)
    impact.screened("people", of=system)
    risk.accepted(system=system)
    row = impact.submitted(impact.written(impact.assessment(impact.fresh(system), system_version=release)))
    return release, row


def pipeline():
    """A token that may ask the gate, report what runs, and read, as CI holds it."""
    who = person(Role.INTEGRATION, root_unit())
    now = clock.now()
    _row, secret = issue_token(
        who,
        by=who,
        name="pipeline",
        scopes=["read", "gate.ask", "gate.report"],
        expires_at=now + timedelta(days=1),
        at=now,
    )
    return secret
