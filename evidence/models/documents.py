"""Controlled documents: what is in force, its versions, and who read it. Clauses 5.2, 7.3 and 7.5."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Part, governed, part
from aims.trail import append_only, tracked
from evidence.models.files import Blob
from evidence.querysets import AcknowledgementQuerySet, DocumentQuerySet, VersionQuerySet
from evidence.states import (
    AUDIENCE_ROLES,
    DOCUMENT_TONES,
    VERSION_TONES,
    Audience,
    DocumentSort,
    DocumentState,
    PolicyElement,
    VersionState,
)

# What nobody changes once a version is approved.
_CONTENT = (
    "document_id", "number", "author_id", "text", "blob_id", "file_name", "media_type", "changes", "material",
    "is_policy", *PolicyElement.values, "approved_by_id", "approved_at", "capacity",
)  # fmt: skip
_APPROVED = ["approved", "effective", "superseded"]


def _row(name: str) -> str:
    return f"({', '.join(f'{name}.{column}' for column in _CONTENT)})"


_KEPT = pgtrigger.Trigger(
    name="kept",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Q(old__approved_at__isnull=False),
    func=(
        f"IF TG_OP = 'DELETE' OR {_row('NEW')} IS DISTINCT FROM {_row('OLD')} THEN "
        "RAISE EXCEPTION 'an approved version never changes; a new version follows it' "
        "USING ERRCODE = 'check_violation', CONSTRAINT = 'document_version_kept'; END IF; RETURN NEW;"
    ),
)
# The database's own word, whoever writes: the digest of what is there, and whether clause 5.2 asks for its statements.
_DIGEST = pgtrigger.Trigger(
    name="digest",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=(
        "NEW.sha256 := COALESCE(NEW.blob_id, encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex')); "
        "NEW.is_policy := (SELECT sort = 'ai_policy' FROM evidence_document WHERE id = NEW.document_id); RETURN NEW;"
    ),
)


@governed("DOC", "document")
class Document(Governed):
    """A document under control: one version of it is in force at most, the others are drafts or kept as they were."""

    # What a unit decides for all below it shows to everybody there.
    for_all_below: ClassVar = True

    sort = models.CharField(_("Kind"), max_length=10, choices=DocumentSort.choices)
    state = models.CharField(
        _("State"), max_length=32, choices=DocumentState.choices, default=DocumentState.DRAFT, editable=False
    )
    audience = models.CharField(
        _("Who reads it"), max_length=12, choices=Audience.choices, default=Audience.NOBODY,
        help_text=_("Everybody in its unit and below, or those who hold certain roles there."),
    )  # fmt: skip
    roles = ArrayField(
        models.CharField(max_length=32, choices=[(role.value, role.label) for role in AUDIENCE_ROLES]),
        verbose_name=_("Roles that read it"), default=list, blank=True,
    )  # fmt: skip
    source = models.CharField(_("Who publishes it, and which edition"), max_length=300, blank=True)
    kept_years = models.PositiveSmallIntegerField(_("Old versions are kept for years"), default=10)
    # Whoever read this version or a later one need not read again; 0: nothing was in force yet.
    read_from = models.PositiveSmallIntegerField(_("To be read from version"), default=0, editable=False)

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()
    state_tones = DOCUMENT_TONES

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="document_unit"),
            models.Index(fields=["-updated_at", "-id"], name="document_recent"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="document_state_known", condition=Q(state__in=DocumentState.values)),
            models.CheckConstraint(name="document_sort_known", condition=Q(sort__in=DocumentSort.values)),
            models.CheckConstraint(
                name="document_audience_whole",
                condition=Q(audience="roles", roles__len__gt=0) | Q(audience__in=["nobody", "everybody"], roles=[]),
                violation_error_message=_("Choose roles where only some read it, and none otherwise."),
            ),
            models.CheckConstraint(
                name="document_external_has_source",
                condition=~Q(sort="external") | Q(source__regex=r"\S"),
                violation_error_message=_("Say who publishes it, and in which edition."),
            ),
            models.CheckConstraint(
                name="document_kept_years",
                condition=Q(kept_years__gte=1, kept_years__lte=100),
                violation_error_message=_("Between 1 and 100."),
            ),
            models.CheckConstraint(
                name="document_read_is_open",
                condition=Q(audience="nobody") | Q(confidentiality="normal"),
                violation_error_message=_("What others are asked to read is not restricted."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="sort_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__sort__df=pgtrigger.F("new__sort")),
                func=(
                    "RAISE EXCEPTION 'what a document is never changes' "
                    "USING ERRCODE = 'check_violation', CONSTRAINT = 'document_sort_kept';"
                ),
            )
        ]

    @property
    def is_policy(self) -> bool:
        """Whether clause 5.2 applies: top management approves it, and it says four things."""
        return self.sort == DocumentSort.AI_POLICY


@part("document")
class DocumentVersion(Part):
    """One version: its words or its file, what changed, who wrote and who approved it. Approved, it never changes."""

    told_by: ClassVar = ("number",)
    # Old words show to some people only, so that no history repeats them; the trail keeps them all the same.
    untold: ClassVar = ("text",)

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("Version"))
    state = models.CharField(
        _("State"), max_length=32, choices=VersionState.choices, default=VersionState.DRAFT, editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("Author")
    )
    text = models.TextField(_("Text"), max_length=200_000, blank=True)
    blob = models.ForeignKey(
        Blob, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="document_versions",
        verbose_name=_("File"),
    )  # fmt: skip
    file_name = models.CharField(_("File name"), max_length=160, blank=True, editable=False)
    media_type = models.CharField(_("Type"), max_length=100, blank=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    changes = models.TextField(_("What changed"), max_length=2000, blank=True)
    material = models.BooleanField(_("Everybody reads it again"), default=True)
    is_policy = models.BooleanField(_("AI policy"), default=False, editable=False)
    purpose = models.CharField(PolicyElement.PURPOSE.label, max_length=500, blank=True)
    objectives = models.CharField(PolicyElement.OBJECTIVES.label, max_length=500, blank=True)
    requirements = models.CharField(PolicyElement.REQUIREMENTS.label, max_length=500, blank=True)
    improvement = models.CharField(PolicyElement.IMPROVEMENT.label, max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Approved by"),
    )  # fmt: skip
    approved_at = models.DateTimeField(_("Approved"), null=True, editable=False)
    capacity = models.CharField(_("Capacity"), max_length=32, blank=True, editable=False)
    effective_at = models.DateTimeField(_("In force since"), null=True, editable=False)
    ended_at = models.DateTimeField(_("In force until"), null=True, editable=False)

    objects: ClassVar[Any] = VersionQuerySet.as_manager()
    state_tones = VERSION_TONES

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_number"),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state="effective"),
                name="document_one_effective_version",
                violation_error_message=_("Another version is in force."),
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state__in=["draft", "in_review", "approved"]),
                name="document_one_version_in_the_making",
                violation_error_message=_("A new version is being made already."),
            ),
            models.CheckConstraint(
                name="document_version_has_content",
                condition=Q(blob=None, file_name="", media_type="", text__regex=r"\S")
                | Q(blob__isnull=False, text="") & ~Q(file_name="") & ~Q(media_type=""),
                violation_error_message=_("Write the text, or give a file."),
            ),
            models.CheckConstraint(
                name="document_version_approved_whole",
                condition=Q(approved_by=None, approved_at=None, capacity="")
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(capacity=""),
            ),
            models.CheckConstraint(
                name="document_version_approved_first",
                condition=~Q(state__in=_APPROVED) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="document_version_not_approved_by_author",
                condition=Q(approved_by=None) | ~Q(approved_by=F("author")),
                violation_error_message=_("Who wrote it does not approve it."),
            ),
            models.CheckConstraint(
                name="document_version_policy_elements",
                condition=Q(is_policy=False)
                | Q(approved_at=None)
                | Q(**{f"{name}__regex": r"\S" for name in PolicyElement.values}),
                violation_error_message=_("An AI policy says four things; mark where each of them stands."),
            ),
            models.CheckConstraint(
                name="document_version_in_force_period",
                condition=Q(state__in=["draft", "in_review", "approved"], effective_at=None, ended_at=None)
                | Q(state="effective", effective_at__isnull=False, ended_at=None)
                | Q(state="superseded", effective_at__isnull=False, ended_at__gte=F("effective_at"))
                | Q(state="withdrawn", ended_at__isnull=False),
            ),
        ]
        triggers: ClassVar = [_KEPT, _DIGEST]

    def __str__(self) -> str:
        return f"{self.document.ref} {_('version')} {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.document.get_absolute_url()}versions/{self.number}/"

    @property
    def file_url(self) -> str:
        return f"{self.get_absolute_url()}download/"

    @property
    def name(self) -> str:
        """How pages call it."""
        return str(_("Version %(number)d") % {"number": self.number})

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way into force."""
        return self.state in VersionState.open()

    def missing_elements(self) -> list[PolicyElement]:
        """What clause 5.2 asks for and nobody marked, or marked with words that the text does not have."""
        return [one for one in PolicyElement if self.is_policy and not self.says(one)]

    def says(self, element: PolicyElement) -> bool:
        """Whether the place of a statement is named and, in a text, is found there."""
        place = " ".join(getattr(self, element.value).split())
        return bool(place) and (self.blob_id is not None or place in " ".join(self.text.split()))


@tracked()
class Acknowledgement(models.Model):
    """A person read a version and understood it. Never changed, never taken back."""

    document_version = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="acknowledgements", verbose_name=_("Version")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Person")
    )
    at = models.DateTimeField(_("Read and understood"), db_default=Now())

    objects: ClassVar[Any] = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document_version", "person"], name="acknowledgement_once"),
        ]
        triggers: ClassVar = append_only()
