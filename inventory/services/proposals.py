"""Anybody proposes an AI use; who keeps the register answers (clauses 4.1, 4.3; A.9.2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import invalid
from aims.services import create, locked, move, require
from aims.trail import recording
from inventory import policies
from inventory.models import AISystem, Proposal
from inventory.proposal_states import ANSWERS, LINKED, PROPOSAL, ProposalSource, ProposalState
from inventory.services.rules import require_text
from inventory.services.systems import register_system
from organization.models import User


def propose_use(
    *, by: User, data: Mapping[str, Any], source: str = ProposalSource.PERSON, reason: str = ""
) -> Proposal:
    """Propose an AI use: title, purpose, tool and unit (one's own when none is given). No role is needed.

    Candidates from a file come with their `source`, which needs a role. Errors: NotPermitted, ValidationError by field.
    """
    unit = data.get("unit") or by.unit
    asked = policies.can_triage(by, unit) if source != ProposalSource.PERSON else policies.can_propose(by)
    capacity = require(asked)
    require_text(title=data.get("title") or "", purpose=data.get("purpose") or "")
    with recording(by, "propose_use", capacity=capacity, reason=reason):
        made = create(Proposal(**{**data, "unit": unit, "owner": by, "source": source}))
        made.refresh_from_db()
    return made


def triage_proposal(
    proposal: Proposal,
    *,
    by: User,
    answer: str,
    reason: str,
    on: date,
    system: AISystem | None = None,
    owner: User | None = None,
    version: int | None = None,
) -> Proposal:
    """Answer a proposal: an AI system (it is registered, `owner` answers for it), part of `system`, not AI, not allowed.

    The answer and its reason stay in the register and are a decision. Errors: NotPermitted, Stale, WrongState when it
    is answered already, ValidationError by field.
    """
    capacity = require(policies.can_triage(by, proposal.unit))
    require_text(reason=reason)
    if answer not in ANSWERS:
        raise invalid(answer=_("Choose one of the answers."))
    with recording(by, "triage_proposal", capacity=capacity, reason=reason):
        current = locked(proposal, version)
        linked = _linked(current, answer, system=system, owner=owner, by=by, on=on)
        said = {"answer": reason, "answered_by": by, "answered_on": on, "system": linked}
        done = move(current, PROPOSAL, str(answer), **said)
        with our_language():
            label = ProposalState(answer).label
            question = _("Is “%(title)s” an AI system of ours?") % {"title": current.title}
            decide(done, by=by, capacity=capacity, sort="triage", question=question, outcome=label, reason=reason,
                   options=[str(ProposalState(one).label) for one in ANSWERS])  # fmt: skip
    return done


def _linked(
    proposal: Proposal, answer: str, *, system: AISystem | None, owner: User | None, by: User, on: date
) -> AISystem | None:
    if answer not in LINKED:
        return None
    if answer == ProposalState.PART:
        if system is None:
            raise invalid(system=_("Say which system it is part of."))
        return system
    data = {"title": proposal.title, "purpose": proposal.purpose, "unit": proposal.unit, "owner": owner or by}
    return register_system(by=by, data=data, on=on, reason=_("Proposed as %(ref)s") % {"ref": proposal.ref})
