"""What the journeys begin with: an organization with an officer, a fraud system and 38 statements."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from organization.models import User
from organization.services.tokens import issue_token, possible_scopes
from tests import factories
from tests.factories.controls import statements
from tests.factories.evidence import file_evidence
from tests.factories.inventory import system

PASSWORD = "correct horse battery"
NEW_PURPOSE = "Score each order for fraud before it is paid; hold the riskiest for a person to decide."


@dataclass
class Stage:
    officer: User
    fraud: Any

    def token(self) -> str:
        return token_of(self.officer)


def token_of(person: User) -> str:
    """A token of theirs that may do everything they may."""
    now, scopes = timezone.now(), possible_scopes()
    _row, secret = issue_token(
        person, by=person, name="journey", scopes=scopes, expires_at=now + timedelta(days=1), at=now
    )
    return secret


def set_stage() -> Stage:
    """Committed data for one journey."""
    root = factories.root_unit()
    officer = factories.person("aims_manager", root, name="Clara Officer", email="officer@example.org")
    statements(root)
    fraud = system(root, title="Fraud detection", purpose="Score orders.")
    system(root, title="Dynamic pricing")
    file_evidence(officer, title="Validation report of the fraud model")
    return Stage(officer, fraud)
