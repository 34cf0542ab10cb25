"""A unit's list of AI systems, which its head says is complete, again and again (clauses 4.3, A.4.2)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, governed
from inventory.list_states import ASKED_FOR, LIST_TONES, ListState
from inventory.models.fields import one_of
from inventory.querysets import AttestedListQuerySet


@governed("LST", "attested_list")
class AttestedList(Governed):
    """One a unit. `counted` is how many systems stood on it then, `found` how many had been missing the time before."""

    state = models.CharField(
        _("State"), max_length=32, choices=ListState.choices, default=ListState.ASKED, editable=False
    )
    attested_at = models.DateTimeField(_("Last attested"), null=True, editable=False)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("Attested by"),
    )  # fmt: skip
    counted = models.PositiveIntegerField(_("Systems then"), null=True, editable=False)
    found = models.PositiveIntegerField(_("Found before that, after the attestation before"), default=0, editable=False)

    objects: ClassVar[Any] = AttestedListQuerySet.as_manager()
    state_tones: ClassVar = LIST_TONES

    class Meta:
        verbose_name = _("attested list")
        verbose_name_plural = _("attested lists")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="attested_list_unit"),
            models.Index(fields=["owner"], name="attested_list_owner"),
        ]
        constraints: ClassVar = [
            one_of("state", ListState),
            models.UniqueConstraint(
                fields=["unit"], name="attested_list_once", condition=Q(state__in=ASKED_FOR),
                violation_error_message=_("This unit's list is attested already."),
            ),
            models.CheckConstraint(
                name="attested_list_whole",
                condition=~Q(state=ListState.KEPT) & Q(attested_at=None, attested_by=None, counted=None, found=0)
                | ~Q(state=ListState.ASKED)
                & Q(attested_at__isnull=False, attested_by__isnull=False, counted__isnull=False),
            ),
        ]  # fmt: skip
