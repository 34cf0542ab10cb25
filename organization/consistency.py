"""Rules of consistency about people: who owns, who decided, who was competent that day (clauses 5.3 and 7.2)."""

from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from aims.consistency import breaches
from aims.models import Decision, Record
from aims.registry import Breach, Rule, registry
from organization.mandates import CompetenceRecord
from organization.models import UnitGrant, UnitGroupGrant
from organization.states import Role


def owner_gone(on: date) -> Iterator[Breach]:
    """Records that still need somebody, owned by a person whose account is closed."""
    at_rest = [Q(kind=kind, state__in=list(source.idle)) for kind, source in registry.due_sources.items()]
    rows = Record.objects.filter(owner__is_active=False).exclude(reduce(or_, at_rest, Q(pk=None)))
    yield from breaches(rows.values("owner__name", record=F("pk")))


def decided_without_role(on: date) -> Iterator[Breach]:
    """Decisions in a capacity that the person did not hold, on that day, for that record."""
    rows = Decision.objects.filter(decided_by__isnull=False, capacity__in=Role.values)
    rows = rows.annotate(day=TruncDate("decided_at"))
    held = [Exists(_above(UnitGrant, user=OuterRef("decided_by")))]
    held.append(Exists(_above(UnitGroupGrant, group__memberships__user=OuterRef("decided_by"))))
    held += [Exists(_on_anchor(model)) for model in registry.grant_models]
    rows = rows.exclude(reduce(or_, (Q(one) for one in held)))
    for row in rows.values("day", "question", "capacity", "decided_by__name", key=F("record")):
        facts = {"day": row["day"], "person": row["decided_by__name"], "question": row["question"]}
        yield Breach(row["key"], {**facts, "role": str(Role(row["capacity"]).label)})


def _in_force(rows: Any) -> Any:
    """Grants of the decision's capacity, on its day."""
    return rows.filter(
        Q(valid_until=None) | Q(valid_until__gte=OuterRef("day")),
        Q(ended_at=None) | Q(ended_at__gte=OuterRef("decided_at")),
        permission__codename=OuterRef("capacity"),
        valid_from__lte=OuterRef("day"),
    )


def _above(model: Any, **whose: Any) -> Any:
    """Grants on the record's unit or one above it."""
    path = ExpressionWrapper(OuterRef("record__unit__path"), output_field=ArrayField(BigIntegerField()))
    rows = _in_force(model.objects.filter(**whose))
    return rows.annotate(path=path).filter(path__contains=[F("content_object_id")])


def _on_anchor(model: Any) -> Any:
    """Grants on the single record that the decision hangs on."""
    return _in_force(model.objects.filter(user=OuterRef("decided_by"), content_object=OuterRef("record__anchor_id")))


def competence_ran_out(on: date) -> Iterator[Breach]:
    """Decisions by a person whose competence had run out and was not renewed by that day."""
    mine = CompetenceRecord.objects.annotate(last=Coalesce("ended_on", "due_on")).filter(owner=OuterRef("decided_by"))
    rows = Decision.objects.filter(decided_by__isnull=False).annotate(day=TruncDate("decided_at"))
    over = mine.filter(last__lt=OuterRef("day")).exclude(
        Exists(
            CompetenceRecord.objects.annotate(last=Coalesce("ended_on", "due_on")).filter(
                Q(last=None) | Q(last__gte=OuterRef(OuterRef("day"))),
                owner=OuterRef("owner"),
                title=OuterRef("title"),
                acquired_on__lte=OuterRef(OuterRef("day")),
            )
        )
    )
    last = over.order_by("-last", "-pk")
    rows = rows.annotate(competence=last.values("title")[:1], ran_out=last.values("last")[:1])
    rows = rows.filter(ran_out__isnull=False)
    yield from breaches(rows.values("competence", "ran_out", "day", "decided_by__name", "question", "record"))


RULES = (
    Rule(
        "owner-gone",
        _("Who owns a record has an account here."),
        _("It is owned by %(owner__name)s, whose account is closed."),
        "5.3",
        owner_gone,
        verb="task.manage",
    ),
    Rule(
        "decided-without-role",
        _("Who decides holds the role on that day."),
        _("On %(day)s %(person)s decided “%(question)s” as %(role)s without holding that role here."),
        "5.3",
        decided_without_role,
        question=True,
    ),
    Rule(
        "competence-ran-out",
        _("Who decides is competent on that day."),
        _(
            "On %(day)s %(decided_by__name)s decided “%(question)s”; the competence “%(competence)s” ran out on %(ran_out)s."
        ),
        "7.2",
        competence_ran_out,
        question=True,
    ),
)
