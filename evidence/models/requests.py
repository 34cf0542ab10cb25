"""Asking for evidence: once, or again and again. Clauses 7.5 and 9.1."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Part, Record, governed, part
from aims.rhythm import Every
from aims.trail import append_only
from evidence.models.items import EvidenceItem
from evidence.querysets import RequestQuerySet
from evidence.states import REQUEST_TONES, RequestState

PERIODS = [("days", _("Days")), ("months", _("Months"))]


@governed("ERQ", "evidence_request")
class EvidenceRequest(Governed):
    """Evidence somebody needs for a record, by a date; with a cadence it is asked for again and again.

    Its owner is asked. It falls due like everything else: a task, reminders, and those who hear when nobody acts.
    """

    state = models.CharField(
        _("State"), max_length=32, choices=RequestState.choices, default=RequestState.OPEN, editable=False
    )
    record = models.ForeignKey(
        Record, on_delete=models.PROTECT, related_name="evidence_requests", verbose_name=_("For the record")
    )
    wanted = models.TextField(_("What is wanted"), max_length=2000)
    population = models.TextField(_("Population or sample"), max_length=2000, blank=True)
    number = models.PositiveSmallIntegerField(_("Again every"), null=True, blank=True)
    period = models.CharField(_("Days or months"), max_length=6, choices=PERIODS, blank=True)
    counted_from = models.DateField(_("Counted from"), editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("Asked by")
    )

    objects: ClassVar[Any] = RequestQuerySet.as_manager()
    state_tones = REQUEST_TONES

    class Meta:
        verbose_name = _("evidence request")
        verbose_name_plural = _("evidence requests")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="evidence_request_unit"),
            models.Index(fields=["-updated_at", "-id"], name="evidence_request_recent"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="request_state_known", condition=Q(state__in=RequestState.values)),
            models.CheckConstraint(
                name="request_says_what",
                condition=Q(wanted__regex=r"\S"),
                violation_error_message=_("Say what is wanted."),
            ),
            models.CheckConstraint(name="request_asks_somebody", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="request_cadence_whole",
                condition=Q(number=None, period="") | Q(number__gte=1, number__lte=3660) & ~Q(period=""),
                violation_error_message=_("Give number and period, such as 3 months, or neither."),
            ),
            models.CheckConstraint(
                name="request_open_has_date",
                condition=Q(state=RequestState.OPEN, due_on__isnull=False)
                | ~Q(state=RequestState.OPEN) & Q(due_on=None),
                violation_error_message=_("Say until when it is needed."),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN

    @property
    def every(self) -> Every | None:
        """Its cadence; None: asked for once."""
        return Every(self.number, self.period) if self.number else None  # type: ignore[arg-type]


@part("request")
class RequestAnswer(Part):
    """Evidence that was given to a request, for which date, when. Never changed."""

    told_by: ClassVar = ("item",)

    request = models.ForeignKey(EvidenceRequest, on_delete=models.PROTECT, related_name="given")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="answers_to")
    due_on = models.DateField(_("Asked for by"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Given by")
    )
    given_at = models.DateTimeField(_("Given"), db_default=Now())

    class Meta:
        verbose_name = _("answer to a request")
        verbose_name_plural = _("answers to requests")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request", "item"],
                name="request_answer_once",
                violation_error_message=_("This evidence was given to this request already."),
            ),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return str(self.item)
