"""The registers of authorities, competence and overrides of separated duties."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims import asof
from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from aims.views.register import state_badge
from organization.commitment_tables import due_cell, of, owners_of, units_with
from organization.duties import RULES, AuthorityKind, Tier
from organization.mandates import Authority, CompetenceRecord, DutyOverride
from organization.states import MandateState, OverrideState, Role


def holder(row: Authority) -> Any:
    """The person, or the role in words."""
    return row.owner or str(dict(Role.choices).get(row.role, row.role))


def level_words(row: Authority) -> str:
    """Up to which level, as it was called when the authority was given."""
    return str(row.level_name or row.level or _("Every level"))


def mandate_badge(row: Any) -> Badge:
    """Whether it counts on the day being read."""
    last = getattr(row, "valid_until", None) or (row.due_on if isinstance(row, CompetenceRecord) else None)
    if row.in_force and last is not None and last < asof.day():
        return Badge(str(_("Run out")), "bad", "clock-exclamation")
    return state_badge(row)


def rule_words(row: DutyOverride) -> str:
    return str(RULES[row.rule].sentence) if row.rule in RULES else row.rule


def record_link(row: DutyOverride) -> Link:
    return Link(f"{row.record.ref} {row.record.title}", row.record.get_absolute_url())


AUTHORITIES = Table(
    kind="authority",
    columns=[
        Column("holder", _("Who"), lambda a: str(holder(a)), sort="owner__name"),
        Column("act", _("What"), lambda a: a.get_act_display(), sort="act"),
        Column("level", _("Up to the level"), level_words, sort="level"),
        Column("unit", _("Unit"), lambda a: a.unit.name, sort="unit__name"),
        Column("state", _("State"), mandate_badge, lambda a: a.get_state_display(), sort="state"),
        Column("valid_from", _("From"), lambda a: a.valid_from, sort="valid_from"),
        Column("valid_until", _("Until"), lambda a: a.valid_until, sort="valid_until"),
        Column("granted_by", _("Given by"), lambda a: a.granted_by),
        Column("reason", _("Reason"), lambda a: a.reason, shown=False),
        Column("ref", _("Reference"), lambda a: a.ref, sort="ref", shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(MandateState), field="state"),
        Filter("act", _("What"), of(AuthorityKind), field="act"),
        Filter("unit", _("Unit"), units_with(Authority), field="unit_id"),
    ],
    search=("ref", "title", "reason"),
    related=("unit", "owner", "granted_by"),
    sort="-updated_at",
)

COMPETENCES = Table(
    kind="competence",
    columns=[
        Column("title", _("Competent for"), lambda c: c.title, sort="title"),
        Column("owner", _("Person"), lambda c: c.owner, sort="owner__name"),
        Column("state", _("State"), mandate_badge, lambda c: c.get_state_display(), sort="state"),
        Column("acquired_on", _("Since"), lambda c: c.acquired_on, sort="acquired_on"),
        Column("due_on", _("Until"), due_cell, lambda c: c.due_on, sort="due_on"),
        Column("confirmed_by", _("Confirmed by"), lambda c: c.confirmed_by),
        Column("unit", _("Unit"), lambda c: c.unit.name, sort="unit__name", shown=False),
        Column("ground", _("On what ground"), lambda c: c.ground, shown=False),
        Column("ref", _("Reference"), lambda c: c.ref, sort="ref", shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(MandateState), field="state"),
        Filter("owner", _("Person"), owners_of(CompetenceRecord), field="owner_id"),
        Filter("unit", _("Unit"), units_with(CompetenceRecord), field="unit_id"),
    ],
    search=("ref", "title", "ground"),
    related=("unit", "owner", "confirmed_by"),
    sort="title",
)

OVERRIDES = Table(
    kind="override",
    columns=[
        Column("rule", _("Rule"), rule_words, sort="rule"),
        Column("record", _("Record"), record_link, lambda o: o.record.ref),
        Column("state", _("State"), state_badge, lambda o: o.get_state_display(), sort="state"),
        Column("tier", _("Tier"), lambda o: o.get_tier_display(), sort="tier"),
        Column("by", _("By"), lambda o: o.by),
        Column("at", _("When"), lambda o: o.at, sort="at"),
        Column(
            "review_by", _("Review by"), lambda o: due_cell(o) or o.review_by, lambda o: o.review_by, sort="review_by"
        ),
        Column("reviewed_by", _("Reviewed by"), lambda o: o.reviewed_by),
        Column("reason", _("Reason"), lambda o: o.reason, shown=False),
        Column("safeguard", _("Safeguard"), lambda o: o.safeguard, shown=False),
        Column("finding", _("What the review found"), lambda o: o.finding, shown=False),
        Column("ref", _("Reference"), lambda o: o.ref, sort="ref", shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(OverrideState), field="state"),
        Filter("tier", _("Tier"), of(Tier), field="tier"),
    ],
    search=("ref", "title", "reason", "safeguard", "finding"),
    related=("unit", "record", "by", "reviewed_by"),
    sort="-at",
)
