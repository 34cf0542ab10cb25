"""Proposals of AI uses: where they come from and what triage answers (clause 4.3: how do we know that these are all?)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Workflow, edge
from inventory.states import OWNERS


class ProposalState(TextChoices):
    """An open proposal, or triage's answer, which stays in the register for good."""

    PROPOSED = "proposed", _("Proposed")
    SYSTEM = "system", _("AI system")
    PART = "part", _("Part of an AI system")
    NOT_AI = "not_ai", _("Not AI")
    NOT_ALLOWED = "not_allowed", _("Not allowed")


class ProposalSource(TextChoices):
    PERSON = "person", _("Proposed by a person")
    SIGN_ON = "sign_on", _("Single sign-on")
    PURCHASE = "purchase", _("Purchases")
    REPOSITORY = "repository", _("Repositories")


ANSWERS = (ProposalState.SYSTEM, ProposalState.PART, ProposalState.NOT_AI, ProposalState.NOT_ALLOWED)
LINKED = (ProposalState.SYSTEM, ProposalState.PART)
PROPOSAL_TONES: dict[str, Tone] = {
    ProposalState.PROPOSED: "warn",
    ProposalState.SYSTEM: "good",
    ProposalState.PART: "good",
    ProposalState.NOT_AI: "neutral",
    ProposalState.NOT_ALLOWED: "bad",
}
_P = ProposalState
PROPOSAL = Workflow(
    "proposal",
    ProposalState,
    [
        edge("system", _("Register as an AI system"), [_P.PROPOSED], _P.SYSTEM, OWNERS),
        edge("part", _("Part of a system"), [_P.PROPOSED], _P.PART, OWNERS),
        edge("not_ai", _("Not AI"), [_P.PROPOSED], _P.NOT_AI, OWNERS),
        edge("not_allowed", _("Not allowed"), [_P.PROPOSED], _P.NOT_ALLOWED, OWNERS),
    ],
)
