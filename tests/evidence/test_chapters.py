"""Each section of a pack tells of a moment in the past what it tells of the same moment now, limited or not."""

import json
from datetime import timedelta
from typing import Any

import pytest

from aims import asof, clock
from aims.models import Record
from aims.registry import registry
from organization.states import Role
from tests.factories import audits, controls, documents, impact, person, risk
from tests.factories.evidence import file_evidence, pack

pytestmark = pytest.mark.django_db
SECTIONS = {one.id: one for one in registry.sections}


def _about(system: Any) -> None:
    """Something of every kind that tells of the system."""
    impact.assessment(of=system)
    owner = person(Role.RISK_OWNER)
    row = risk.assessed(by=owner, system=system, title=f"Harm of {system.title}", ratings=risk.LOW)
    risk.accept(row, by=owner, override=risk.Override("Alone here.", "Looked at monthly."))
    file_evidence(title=f"Proof of {system.title}", links=[(Record.objects.get(pk=system.pk), "Tested")])


@pytest.fixture
def mine() -> Any:
    """A system about which every section has something to say; another of which the same is said stands beside it."""
    risk.set_low_override(risk.manager())
    found, other = impact.system(title="Mine"), impact.system(title="Other")
    for one in (found, other):
        _about(one)
    controls.included()
    documents.in_force(documents.document(audience="everybody", title="Rules for all"))
    audits.nonconformity()
    audits.audit()
    return found


def told(section: str, asked: Any) -> Any:
    return json.loads(json.dumps(list(SECTIONS[section].collect(asked)), default=str))


@pytest.mark.parametrize("limited", [False, True], ids=["whole", "one system"])
def test_the_past_tells_what_today_tells(mine: Any, limited: bool):
    asked = pack(systems=[Record.objects.get(pk=mine.pk)] if limited else [])
    now = {section: told(section, asked) for section in SECTIONS}
    asked.fix_scope()
    with asof.reading(clock.now() + timedelta(seconds=1)):
        then = {section: told(section, asked) for section in SECTIONS}
    assert then == now
    rest = json.dumps(now)
    assert "Harm of Mine" in rest
    assert ("Rules for all" in json.dumps(now["documents"])) is not limited
    assert ("Harm of Other" in rest) is not limited
