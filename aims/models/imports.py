"""A file of records on its way into the register: the file, its lines, how its columns are read; and own fields."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models.base import Governed, Record, governed
from aims.models.work import Job
from aims.querysets import GovernedQuerySet
from aims.states import Confidentiality, ImportState, LineState, OwnType
from aims.trail import tracked


@governed("FIL", "import")
class Import(Governed):
    """One file. What its lines made is recorded there under its reference; it can be taken back until edited."""

    state = models.CharField(
        _("State"), max_length=32, choices=ImportState.choices, default=ImportState.READING, editable=False
    )
    target = models.CharField(_("What it holds"), max_length=32, editable=False)
    file_name = models.CharField(_("File"), max_length=160, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("Size"), editable=False)
    header_row = models.PositiveIntegerField(_("Row of the headings"), default=1)
    headers = models.JSONField(_("Headings"), default=list, blank=True, editable=False)
    # column number → field, "own:key" or "" for left out; field → what its texts mean; field → order of dates
    columns = models.JSONField(_("Columns"), default=dict, blank=True)
    meanings = models.JSONField(_("Meanings"), default=dict, blank=True)
    orders = models.JSONField(_("Order of dates"), default=dict, blank=True)
    remarks = models.JSONField(_("Remarks"), default=list, blank=True, editable=False)
    counts = models.JSONField(_("Lines"), default=dict, blank=True, editable=False)
    failure = models.TextField(_("Why it failed"), blank=True, editable=False)
    capacity = models.CharField(_("Capacity"), max_length=32, editable=False)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[Any] = GovernedQuerySet.as_manager()
    state_tones: ClassVar = {
        ImportState.READING: "info",
        ImportState.READ: "warn",
        ImportState.CHECKING: "info",
        ImportState.CHECKED: "warn",
        ImportState.RUNNING: "info",
        ImportState.DONE: "good",
        ImportState.TAKING_BACK: "info",
        ImportState.TAKEN_BACK: "neutral",
        ImportState.FAILED: "bad",
    }

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes: ClassVar = [models.Index(fields=["unit", "-updated_at", "-id"], name="import_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(name="import_restricted", condition=~Q(confidentiality=Confidentiality.NORMAL)),
            models.CheckConstraint(name="import_state_known", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="import_failed_with_reason", condition=~Q(state=ImportState.FAILED) | ~Q(failure="")
            ),
            models.UniqueConstraint(
                fields=["target", "sha256"],
                name="import_one_at_a_time",
                condition=Q(state__in=ImportState.on_the_way()),
                violation_error_message=_("This file is being imported already."),
            ),
        ]


class ImportLine(models.Model):
    """One line of the file: its texts, what it means, what became of it. Not tracked; what it makes is."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.READ)
    # column number → sentence; "" for what belongs to no column
    errors = models.JSONField(default=dict, blank=True)
    hint = models.CharField(max_length=300, blank=True)
    record = models.ForeignKey(Record, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    version = models.PositiveIntegerField(null=True)
    before = models.JSONField(null=True)  # what an update found, so that it can be taken back

    class Meta:
        ordering: ClassVar = ["run", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="import_line_number"),
            models.CheckConstraint(name="import_line_error_told", condition=~Q(state=LineState.WRONG) | ~Q(errors={})),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "state", "number"], name="import_line_state")]


@tracked()
class ImportKey(models.Model):
    """The key by which a file calls a record, so that the same key again updates it."""

    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=120)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="import_keys", db_constraint=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="import_key_once")]
        indexes: ClassVar = [models.Index(fields=["record"], name="import_key_record")]


@tracked()
class ImportPlan(models.Model):
    """A way to read files, kept by name: headings → fields, texts → meanings."""

    target = models.CharField(max_length=32)
    name = models.CharField(_("Name"), max_length=80)
    columns = models.JSONField(default=dict, blank=True)  # heading → field
    meanings = models.JSONField(default=dict, blank=True)
    orders = models.JSONField(default=dict, blank=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["target", "name"], name="import_plan_name")]


@tracked()
class OwnField(models.Model):
    """A field that the organization adds to a kind. Its values lie in the record's column `own`, by key."""

    kind = models.CharField(max_length=32)
    key = models.SlugField(max_length=40)
    label = models.CharField(_("Name"), max_length=80)
    sort = models.CharField(_("Type"), max_length=8, choices=OwnType.choices, default=OwnType.TEXT)
    choices = models.JSONField(_("Choices"), default=list, blank=True)
    ended = models.BooleanField(_("No longer used"), default=False)
    defined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering: ClassVar = ["kind", "label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="own_field_key"),
            models.CheckConstraint(name="own_field_named", condition=Q(label__regex=r"\S")),
            models.CheckConstraint(
                name="own_field_choices", condition=Q(sort=OwnType.CHOICE) & ~Q(choices=[]) | ~Q(sort=OwnType.CHOICE)
            ),
            models.CheckConstraint(name="own_field_tags", condition=~Q(sort=OwnType.TAGS) | ~Q(choices=[])),
        ]


class OwnValues(models.Model):
    """Mixed into kinds that take own fields."""

    own = models.JSONField(_("Own fields"), default=dict, blank=True)

    class Meta:
        abstract = True
