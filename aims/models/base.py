"""Base records and the spine. Every governed thing has an owner, a unit, a due date, a history and evidence."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from aims.counters import counted
from aims.db import Now, RecordKey, Reference
from aims.querysets import GovernedQuerySet, RecordQuerySet, TodayQuerySet
from aims.registry import registry
from aims.states import Confidentiality
from aims.trail import tracked

G = TypeVar("G", bound="type[Governed]")
P = TypeVar("P", bound="type[Part]")


class Installation(models.Model):
    """What this database is for: real, demo or test. One row, written by the first migration, never changed."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=8)
    created_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="sealed", operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Insert),
        ]


class Identified(models.Model):
    """What every governed record shows to the spine."""

    id = RecordKey(primary_key=True)
    ref = models.CharField(_("Reference"), max_length=24, unique=True, editable=False, db_default=Reference(""))
    title = models.CharField(_("Name"), max_length=200)
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"), db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Owner"), null=True
    )
    state = models.CharField(_("State"), max_length=32, editable=False)
    confidentiality = models.CharField(
        _("Confidentiality"), max_length=12, choices=Confidentiality.choices, default=Confidentiality.NORMAL
    )
    due_on = models.DateField(_("Due"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("Created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("Changed"), db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Governed(Identified):
    """Base of every governed kind. Declare it with `@governed`, which adds trail, spine and version triggers."""

    kind: ClassVar[str] = ""
    prefix: ClassVar[str] = ""
    # Column by which a grant on a single anchor (an AI system) reaches this row; "" when none does.
    anchor: ClassVar[str] = ""
    # What a unit decides for all below it (a control statement, a policy) shows to everybody there.
    for_all_below: ClassVar[bool] = False

    objects: ClassVar[Any] = GovernedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return registry.kinds[self.kind].url(self.ref)


class Part(models.Model):
    """A row that belongs to a governed record (its root). A change of it raises the root's version."""

    id = RecordKey(primary_key=True)
    root: ClassVar[str] = ""

    class Meta:
        abstract = True


class Record(Identified):
    """The spine: one row per governed record of any kind, kept by triggers. Links to a kind one may not name go here."""

    kind = models.CharField(max_length=32)
    anchor_id = models.BigIntegerField(null=True)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # Without times: each change of a record writes its time here, and no index need follow (a HOT update).
            models.Index(fields=["kind", "unit"], name="record_kind_unit"),
            models.Index(fields=["unit"], name="record_unit"),
            models.Index(fields=["owner", "due_on"], name="record_owner_due"),
            models.Index(fields=["anchor_id"], name="record_anchor"),
            models.Index(fields=["due_on"], condition=models.Q(due_on__isnull=False), name="record_due"),
        ]

    def get_absolute_url(self) -> str:
        return registry.kinds[self.kind].url(self.ref)


class Today(models.Model):
    """Where each record stands today: a view in schema `asof`, there only while the past is read."""

    id = models.BigIntegerField(primary_key=True)
    ref = models.CharField(max_length=24)
    unit_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    confidentiality = models.CharField(max_length=12)
    anchor_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TodayQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "aims_today"

    @classmethod
    def table(cls, kind: str) -> str:
        """The view for one kind: all that live, and of those that are gone the kind's."""
        return f"{cls._meta.db_table}_{kind}"


# Columns of a governed row that the spine repeats.
_SPINE = ["ref", "title", "unit_id", "owner_id", "state", "confidentiality", "due_on", "version", "updated_at"]


def governed(prefix: str, kind: str, *, anchor: str = "") -> Callable[[G], G]:
    """Class decorator: make a model a governed kind with references `prefix-0001`.

    `anchor` is the column that holds the AI system (or other anchor) by which single grants reach this row.
    """

    def decorate(model: G) -> G:
        model.kind, model.prefix, model.anchor = kind, prefix, anchor
        model._meta.get_field("ref").db_default = Reference(prefix)
        counted(kind, "state")(model)
        for trigger in (_version_trigger(), *_spine_triggers(kind, anchor)):
            pgtrigger.register(trigger)(model)
        return tracked()(model)

    return decorate


def part(root: str) -> Callable[[P], P]:
    """Class decorator: make a model a part of the record that its foreign key `root` names."""

    def decorate(model: P) -> P:
        model.root = root
        field: Any = model._meta.get_field(root)
        parent = field.remote_field.model
        assert isinstance(parent, type) and issubclass(parent, models.Model), "declare the root before its parts"
        pgtrigger.register(_raise_root(field.column, parent._meta.db_table))(model)
        return tracked()(model)

    return decorate


def _version_trigger() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=(
            "IF NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.created_at <> OLD.created_at THEN "
            "RAISE EXCEPTION 'id, reference and creation never change' USING ERRCODE = 'check_violation'; END IF; "
            "NEW.version := OLD.version + 1; NEW.updated_at := aims_now(); RETURN NEW;"
        ),
    )


def _spine_triggers(kind: str, anchor: str) -> list[pgtrigger.Trigger]:
    values = ", ".join(f"NEW.{column}" for column in _SPINE)
    anchor_value = f"NEW.{anchor}" if anchor else "NULL"
    insert = (
        f"INSERT INTO aims_record (id, kind, created_at, anchor_id, {', '.join(_SPINE)}) "
        f"VALUES (NEW.id, '{kind}', NEW.created_at, {anchor_value}, {values}); RETURN NULL;"
    )
    update = (
        f"UPDATE aims_record SET ({', '.join(_SPINE)}, anchor_id) = ({values}, {anchor_value}) "
        "WHERE id = NEW.id; RETURN NULL;"
    )
    return [
        pgtrigger.Trigger(name="spine_insert", when=pgtrigger.After, operation=pgtrigger.Insert, func=insert),
        pgtrigger.Trigger(name="spine_update", when=pgtrigger.After, operation=pgtrigger.Update, func=update),
        pgtrigger.Trigger(
            name="spine_delete",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            func="DELETE FROM aims_record WHERE id = OLD.id; RETURN NULL;",
        ),
    ]


def _raise_root(column: str, table: str) -> pgtrigger.Trigger:
    """Any change of a part raises its root's version (and the old root's, when a part moves)."""
    return pgtrigger.Trigger(
        name="raise_root",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        # OLD is null at an insert and NEW at a delete; a part that moves raises both roots.
        func=f"UPDATE {table} SET version = version WHERE id IN (OLD.{column}, NEW.{column}); RETURN NULL;",
    )
