"""Separation of duties: reading the table, setting a new edition, overriding a rule and reviewing the override."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aims.access import access_of
from aims.decisions import decide, our_language
from aims.errors import NotPermitted, Stale, WrongState, invalid
from aims.models import Record
from aims.services import change, create, locked, require
from aims.states import Confidentiality
from aims.trail import recording
from organization.duties import RULES, DutyMode, Kept, Override, Rule, Tier
from organization.mandates import DutyOverride, DutyTable
from organization.services.founding import lock_tree
from organization.states import OverrideState

REVIEW_DAYS = 90


def table_in_force() -> DutyTable | None:
    """The latest edition; None while every rule is required."""
    found: DutyTable | None = DutyTable.objects.in_force()
    return found


def mode_of(rule: Rule, tier: str) -> DutyMode:
    """What the table says of the rule for the tier; required where it says nothing."""
    table = table_in_force()
    said = (table.cells if table else {}).get(rule.id, {}).get(tier, DutyMode.REQUIRED)
    return DutyMode(said)


def overrides_allowed() -> bool:
    """Whether the table in force lets any rule be overridden at all."""
    table = table_in_force()
    return table is not None and any(DutyMode.OVERRIDE in tiers.values() for tiers in table.cells.values())


def set_duties(
    cells: Mapping[str, Mapping[str, str]], *, by: Any, reason: str, version: int | None = None
) -> DutyTable:
    """Put a new edition of the table in force (clause 5.3): rule → tier → mode.

    An override is for the lower tiers only. `version` is the edition that was read, 0 for none. Errors: NotPermitted,
    Stale when another edition followed, ValidationError.
    """
    capacity = require(access_of(by).capacity("duties.set"))
    _check(cells)
    if not reason.strip():
        raise invalid(reason=_("This must be said."))
    with recording(by, "set_duties", capacity=capacity, reason=reason):
        lock_tree()
        last = DutyTable.objects.in_force()
        if version is not None and version != (last.edition if last else 0):
            raise Stale(_("Another edition was set after you opened it. Look at it, then set yours."), current=last)
        edition = last.edition + 1 if last else 1
        return create(DutyTable(edition=edition, cells=dict(cells), reason=reason.strip(), set_by=by))


def _check(cells: Mapping[str, Mapping[str, str]]) -> None:
    for rule, tiers in cells.items():
        known = (
            rule in RULES
            and isinstance(tiers, Mapping)
            and set(tiers) <= set(Tier.values)
            and set(tiers.values()) <= set(DutyMode.values)
        )
        if not known:
            raise invalid(cells=_("There is no rule, tier or mode of this name: %(rule)s.") % {"rule": rule})
        if tiers.get(Tier.HIGH, DutyMode.REQUIRED) != DutyMode.REQUIRED:
            raise invalid(cells=_("Where much is at stake, duties stay separated."))


def separated(
    rule: Rule, *, tier: str, broken: bool, by: Any, capacity: str, record: Any, override: Override | None, on: date
) -> Kept:
    """Ask a rule inside a deciding verb: `broken` says whether one person holds both duties.

    Answers how the decision stands. NotPermitted where the rule is required, or may be overridden and nobody gave a
    reason and a safeguard. An override is kept, entered as a decision, and reviewed by another person.
    """
    if not broken:
        return Kept.KEPT
    mode = mode_of(rule, tier)
    if mode == DutyMode.NOT_ASKED:
        return Kept.NOT_ASKED
    if mode == DutyMode.REQUIRED:
        raise NotPermitted(rule.sentence)
    if override is None or not (override.reason.strip() and override.safeguard.strip()):
        raise NotPermitted(
            f"{rule.sentence} {_('Your organization allows an override: give a reason and a safeguard.')}"
        )
    _keep(rule, tier, by, capacity, record, override, on)
    return Kept.OVERRIDDEN


def _keep(rule: Rule, tier: str, by: Any, capacity: str, record: Any, override: Override, on: date) -> None:
    texts = {"reason": override.reason.strip(), "safeguard": override.safeguard.strip()}
    due = on + timedelta(days=REVIEW_DAYS)
    place = {"record_id": record.pk, "unit_id": record.unit_id, **_as_secret(record)}
    title = f"{record.ref}: {rule.sentence}"[:200]
    create(DutyOverride(title=title, rule=rule.id, tier=tier, by=by, review_by=due, due_on=due, **place, **texts))
    with our_language():
        decide(
            record,
            by=by,
            capacity=capacity,
            sort="override",
            question=rule.sentence,
            outcome=_("Overridden"),
            reason=texts["reason"],
            conditions=texts["safeguard"],
            until=due,
        )


def _as_secret(record: Any) -> dict[str, Any]:
    """An override shows to who sees the record; one on a case has no list of its own and shows to the cleared."""
    anchor = Record.objects.values_list("anchor_id", flat=True).get(pk=record.pk)
    case = record.confidentiality == Confidentiality.CASE
    return {"anchor_key": anchor, "confidentiality": Confidentiality.RESTRICTED if case else record.confidentiality}


def review_override(
    row: DutyOverride, *, by: Any, finding: str, at: datetime, version: int | None = None
) -> DutyOverride:
    """Another person looks at an override and says what they found. Once; never by who overrode.

    Errors: NotPermitted, Stale, WrongState, ValidationError.
    """
    capacity = require(access_of(by).capacity("override.review", row))
    if row.by_id == by.pk:
        raise NotPermitted(_("Another person reviews it."))
    if not finding.strip():
        raise invalid(finding=_("Say what you found."))
    with recording(by, "review_override", capacity=capacity, reason=finding):
        current = locked(row, version)
        if not current.open:
            raise WrongState(_("It was reviewed already."))
        seen = {"reviewed_by": by, "reviewed_at": at, "finding": finding.strip(), "due_on": None}
        return change(current, {**seen, "state": OverrideState.REVIEWED})
