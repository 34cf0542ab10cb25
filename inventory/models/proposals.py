"""An AI use that somebody proposed or a file brought up, and what triage answered."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, governed
from inventory.models.fields import line, one_of, prose
from inventory.models.systems import AISystem
from inventory.proposal_states import LINKED, PROPOSAL_TONES, ProposalSource, ProposalState
from inventory.querysets import UseProposalQuerySet


@governed("PRP", "proposal")
class Proposal(Governed):
    """Four fields from anybody; the answer with its reason stays, “not AI” too."""

    state = models.CharField(
        _("State"), max_length=32, choices=ProposalState.choices, default=ProposalState.PROPOSED, editable=False
    )
    purpose = prose(_("What it would do, and for whom"))
    tool = line(_("Product or model"))
    source = models.CharField(
        _("Source"), max_length=12, choices=ProposalSource.choices, default=ProposalSource.PERSON, editable=False
    )
    system = models.ForeignKey(
        AISystem, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals", editable=False
    )
    answer = prose(_("Why"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    answered_on = models.DateField(_("Answered"), null=True, editable=False)

    objects: ClassVar[Any] = UseProposalQuerySet.as_manager()
    state_tones: ClassVar = PROPOSAL_TONES

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="proposal_unit"),
            models.Index(fields=["owner"], name="proposal_owner"),
        ]
        constraints: ClassVar = [
            one_of("state", ProposalState),
            one_of("source", ProposalSource),
            models.CheckConstraint(
                name="proposal_answered_whole",
                condition=Q(state=ProposalState.PROPOSED, answer="", answered_by=None, answered_on=None)
                | ~Q(state=ProposalState.PROPOSED)
                & Q(answered_by__isnull=False, answered_on__isnull=False, answer__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="proposal_linked_to_its_system",
                condition=Q(state__in=LINKED, system__isnull=False) | ~Q(state__in=LINKED) & Q(system=None),
            ),
        ]
