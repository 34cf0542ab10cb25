"""The certificate: by whom, for what, until when, and the visits that keep it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.models import Governed, Part, governed, part
from audits.models.audits import Audit
from audits.models.fields import one_of, optional, recent, said, state, text, within
from audits.states import CERTIFICATE_TONES, AuditSort, CertificateState


@governed("CER", "certification")
class Certification(Governed):
    """A certification: the body, the certificate, its scope wording and its dates."""

    state_tones = CERTIFICATE_TONES

    state = state(CertificateState, CertificateState.PREPARING)
    body = models.CharField(_("Certification body"), max_length=200)
    accreditation = models.CharField(_("Accredited by"), max_length=200, blank=True, default="")
    standard = models.CharField(pgettext_lazy("norm", "Standard"), max_length=60, default="ISO/IEC 42001:2023")
    number = models.CharField(_("Certificate number"), max_length=80, blank=True, default="")
    scope = text(_("Scope as worded in the certificate"))
    issued_on = models.DateField(_("Issued on"), null=True, blank=True)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    notes = optional(_("Notes"))

    class Meta:
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        indexes: ClassVar = recent("certification")
        constraints: ClassVar = [
            within("certificate_dates", "issued_on", "valid_until"),
            said("certificate_scope", "scope", "body"),
            one_of("state", CertificateState),
            models.CheckConstraint(
                name="certificate_issued_whole",
                condition=Q(state=CertificateState.PREPARING)
                | Q(issued_on__isnull=False, valid_until__isnull=False) & ~Q(number=""),
                violation_error_message=_("A certificate has a number, a date of issue and an end."),
            ),
        ]


@part("certification")
class SurveillanceVisit(Part):
    """A planned visit of the body, and the audit it became."""

    certification = models.ForeignKey(Certification, on_delete=models.CASCADE, related_name="visits")
    sort = models.CharField(_("Kind"), max_length=16, choices=AuditSort.choices, default=AuditSort.SURVEILLANCE)
    planned_on = models.DateField(_("Planned for"))
    audit = models.OneToOneField(
        Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="visit", verbose_name=_("Audit")
    )

    told_by: ClassVar = ("sort",)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering: ClassVar = ["planned_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certification", "planned_on"], name="visit_once_a_day"),
            one_of("sort", AuditSort),
        ]
