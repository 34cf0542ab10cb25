"""Versions of the Statement of Applicability, and what was proposed for the open one (clauses 6.1.3 f and 7.5.3)."""

import json
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.db import Now
from aims.models import Governed, Part, Record, governed, part
from controls.models.catalogue import WRITTEN
from controls.models.scopes import AimsScope
from controls.models.statements import ControlStatement
from controls.querysets import ProposalQuerySet, VersionQuerySet
from controls.states import SOA_TONES, ProposalState, SoaState, Wanted
from organization.duties import Kept

_OPEN = [SoaState.DRAFT, SoaState.IN_REVIEW]
_DECIDED = [SoaState.APPROVED, SoaState.SUPERSEDED]
_FROZEN = ("scope_id", "number", "unit_id", "content", "digest", "submitted_by_id", "submitted_at", "approved_by_id",
           "approved_at", "capacity", "reason", "kept_apart")  # fmt: skip

_FREEZE = pgtrigger.Trigger(
    name="frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Q(old__state__in=_DECIDED),
    func=(
        "IF TG_OP = 'DELETE' OR NEW.state IN ('draft', 'in_review') "
        "OR (OLD.state = 'superseded' AND NEW.state <> OLD.state) "
        f"OR ({', '.join('NEW.' + name for name in _FROZEN)}) IS DISTINCT FROM "
        f"({', '.join('OLD.' + name for name in _FROZEN)}) THEN RAISE EXCEPTION "
        "'an approved Statement of Applicability never changes; the next version follows it' "
        "USING ERRCODE = 'check_violation', CONSTRAINT = 'soa_frozen'; END IF; RETURN NEW;"
    ),
)
# Whoever writes it: no version is approved while a control of the scope is undecided or included without a reason.
_COMPLETE = pgtrigger.Trigger(
    name="complete",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__state="in_review", new__state="approved"),
    func=(
        "IF EXISTS (SELECT FROM controls_controlstatement s WHERE s.scope_id = NEW.scope_id "
        r"AND (s.applicability = 'undecided' OR s.justification !~ '\S')) "
        "THEN RAISE EXCEPTION 'every control is decided and justified before approval' "
        "USING ERRCODE = 'check_violation', CONSTRAINT = 'soa_complete'; END IF; RETURN NEW;"
    ),
)


def _person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more
    )


@governed("SOA", "soa")
class SoaVersion(Governed):
    """One version. A draft is the statements as they stand; approval freezes them as canonical JSON with its digest."""

    state_tones = SOA_TONES
    for_all_below = True

    state = models.CharField(
        _("State"), max_length=32, choices=SoaState.choices, default=SoaState.DRAFT, editable=False
    )
    scope = models.ForeignKey(
        AimsScope, on_delete=models.PROTECT, related_name="versions", verbose_name=_("Scope"), editable=False
    )
    number = models.PositiveSmallIntegerField(_("Number"), editable=False)
    opened_for = models.CharField(_("Opened because"), max_length=500, blank=True, default="", editable=False)
    submitted_by = _person(_("Submitted by"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("Submitted"), null=True, editable=False)
    submitted_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    approved_by = _person(_("Approved by"), null=True, editable=False)
    approved_at = models.DateTimeField(_("Approved"), null=True, editable=False)
    capacity = models.CharField(_("Capacity"), max_length=32, blank=True, default="", editable=False)
    reason = models.TextField(_("Reason"), blank=True, default="", max_length=4000, editable=False)
    kept_apart = models.CharField(
        _("Separation of duties"), max_length=10, choices=Kept.choices, default=Kept.KEPT, editable=False
    )
    content = models.TextField(_("Content"), blank=True, default="", editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, default="", editable=False)

    objects: ClassVar[Any] = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the Statement of Applicability")
        verbose_name_plural = _("versions of the Statement of Applicability")
        indexes: ClassVar = [models.Index(fields=["unit", "-updated_at", "-id"], name="soa_unit")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "number"], name="soa_number"),
            models.UniqueConstraint(fields=["scope"], condition=Q(state__in=_OPEN), name="soa_one_open"),
            models.UniqueConstraint(fields=["scope"], condition=Q(state=SoaState.APPROVED), name="soa_one_in_force"),
            models.CheckConstraint(name="soa_state_known", condition=Q(state__in=SoaState.values)),
            models.CheckConstraint(
                name="soa_submitted_whole",
                condition=Q(state=SoaState.DRAFT, submitted_by=None, submitted_at=None, submitted_digest="")
                | ~Q(state=SoaState.DRAFT) & Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="soa_approved_whole",
                condition=Q(state__in=_OPEN, approved_by=None, approved_at=None, content="", digest="", reason="")
                | Q(
                    state__in=_DECIDED, approved_by__isnull=False, approved_at__isnull=False, reason__regex=WRITTEN,
                    digest__regex=r"^[0-9a-f]{64}$",
                ),
            ),
            models.CheckConstraint(
                name="soa_approved_by_another",
                condition=Q(approved_by=None) | ~Q(approved_by=F("submitted_by")) | ~Q(kept_apart=Kept.KEPT),
            ),
            models.CheckConstraint(
                name="soa_digest_true", condition=Q(digest="") | Q(digest=models.Func(
                    models.F("content"), template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')",
                    output_field=models.TextField(),
                )),
            ),
        ]  # fmt: skip
        triggers: ClassVar = [_FREEZE, _COMPLETE]

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The frozen lines; a draft has none."""
        found: list[dict[str, Any]] = self.frozen.get("lines", [])
        return found

    @property
    def frozen(self) -> dict[str, Any]:
        """The frozen document; empty while it is open."""
        return dict(json.loads(self.content)) if self.content else {}


@part("soa")
class SoaProposal(Part):
    """What a treatment, obligation, objective or change calls for, waiting for the keeper's answer."""

    soa = models.ForeignKey(SoaVersion, on_delete=models.CASCADE, related_name="proposals")
    statement = models.ForeignKey(ControlStatement, on_delete=models.CASCADE, related_name="proposals")
    record = models.ForeignKey(
        Record,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="called_for_by",
        verbose_name=_("Called for by"),
    )
    wanted = models.CharField(_("Proposed"), max_length=8, choices=Wanted.choices)
    reason = models.TextField(_("Reason"), max_length=2000)
    noted_by = _person(_("Noted by"), null=True, blank=True)
    noted_at = models.DateTimeField(_("Noted"), db_default=Now())
    state = models.CharField(
        _("State"), max_length=8, choices=ProposalState.choices, default=ProposalState.OPEN, editable=False
    )
    answer = models.TextField(pgettext_lazy("noun", "Answer"), blank=True, default="", max_length=2000)
    answered_by = _person(_("Answered by"), null=True, blank=True)

    objects: ClassVar[Any] = ProposalQuerySet.as_manager()
    told_by = ("statement",)

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="soa_proposal_wanted_known", condition=Q(wanted__in=Wanted.values)),
            models.CheckConstraint(name="soa_proposal_reasoned", condition=Q(reason__regex=WRITTEN)),
            models.CheckConstraint(
                name="soa_proposal_answered_whole",
                condition=Q(state=ProposalState.OPEN, answered_by=None, answer="")
                | Q(state=ProposalState.TAKEN, answered_by__isnull=False)
                | Q(state=ProposalState.DECLINED, answered_by__isnull=False, answer__regex=WRITTEN),
            ),
            models.UniqueConstraint(
                fields=["statement", "record"], condition=Q(state=ProposalState.OPEN), name="soa_proposal_once"
            ),
        ]
