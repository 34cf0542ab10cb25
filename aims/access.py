"""What a person may see and do, resolved once a request: roles on units (with all units below) and on single records.

`organization` fills an `Access`; the kernel only reads it. Verbs are granted to roles by each app's `policies.py`
through the registry. Deny by default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aims.registry import registry
from aims.states import Confidentiality


@dataclass(frozen=True)
class Window:
    """What is opened to somebody from outside, in a role, for a time: normal records that meet every condition.

    They stand in one of `units` (or hang on one of `anchors`), are of one of `kinds`, and lived in the period from
    `since` until `until`: made before its end, and not over before its beginning. `above` are the units whose records
    for all below show; `records` are those shown whatever they are, save case records: the opening's own, and what was
    handed over.
    """

    role: str
    since: datetime
    until: datetime
    units: frozenset[int] = frozenset()
    anchors: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    records: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()

    def shows(self, record: Any) -> bool:
        """Whether the record shows through it; the twin of `aims.querysets.opened`."""
        if record.confidentiality == Confidentiality.CASE:
            return False
        if record.pk in self.records:
            return True
        normal = record.confidentiality == Confidentiality.NORMAL
        return normal and record.kind in self.kinds and self._there(record) and self._then(record)

    def _there(self, record: Any) -> bool:
        shared = registry.for_all_below(record.kind) and record.unit_id in self.above
        return record.unit_id in self.units or _anchor(record) in self.anchors or shared

    def _then(self, record: Any) -> bool:
        over = record.state in registry.over(record.kind) and record.updated_at < self.since
        return record.created_at < self.until and not over


@dataclass(frozen=True)
class Access:
    """`units`: role → ids of the units it reaches; `records`: role → ids of single anchors (an AI system, an audit).

    `clearance`: units where restricted records show; `cases`: ids of case records one is listed on; `scopes`: verbs an
    API token is limited to (None: not a token); `above`: units above those reached, whose records for all below show;
    `windows`: what is opened to somebody from outside.
    """

    person_id: int | None = None
    units: Mapping[str, frozenset[int]] = field(default_factory=dict)
    records: Mapping[str, frozenset[int]] = field(default_factory=dict)
    clearance: frozenset[int] = frozenset()
    cases: frozenset[int] = frozenset()
    scopes: frozenset[str] | None = None
    all_units: bool = False
    above: frozenset[int] = frozenset()
    windows: tuple[Window, ...] = ()

    @property
    def seen_units(self) -> frozenset[int]:
        """Units whose normal records show."""
        return frozenset().union(*(ids for role, ids in self.units.items() if not registry.is_blind(role)))

    @property
    def seen_anchors(self) -> frozenset[int]:
        """Single records (and what hangs on them) that show."""
        return frozenset().union(*self.records.values())

    @property
    def opened_units(self) -> frozenset[int]:
        """Units that are opened for a time, as far as the windows reach."""
        return frozenset().union(*(window.units for window in self.windows))

    @property
    def holds_any(self) -> bool:
        """Whether any role reaches anything: who lost every grant sees nothing, not even what they own."""
        return bool(self.seen_units or self.seen_anchors or self.windows)

    @property
    def roles(self) -> frozenset[str]:
        """Every role held anywhere."""
        return frozenset({*self.units, *self.records, *(window.role for window in self.windows)})

    @property
    def guest(self) -> bool:
        """Whether all that the person holds are roles for people from outside: they write where it is said alone."""
        return bool(self.roles) and all(registry.is_guest(role) for role in self.roles)

    def limited(self, scopes: frozenset[str]) -> "Access":
        """The same access through a token: only verbs in `scopes`."""
        return replace(self, scopes=scopes)

    def capacity(self, verb: str, record: Any = None, *, unit_id: int | None = None) -> str:
        """The role that allows `verb` on the record (or in the unit; or anywhere when neither is given); "" if none."""
        if self.scopes is not None and (self.guest or verb in registry.deciding or not _in_scope(verb, self.scopes)):
            return ""
        unit = record.unit_id if record is not None and unit_id is None else unit_id
        anchor = _anchor(record)
        for role in registry.roles_of(verb):
            reached = self.units.get(role, frozenset())
            if unit in reached or (unit is None and record is None and reached):
                return role
            if anchor is not None and anchor in self.records.get(role, frozenset()):
                return role
            if any(window.role == role and _opens(window, record, unit) for window in self.windows):
                return role
        return ""

    def sees(self, record: Any) -> bool:
        """Whether the record shows at all; the same rule as `GovernedQuerySet.visible_to`."""
        if record.confidentiality == Confidentiality.CASE:
            return record.pk in self.cases
        if any(window.shows(record) for window in self.windows):
            return True
        inside = record.unit_id in self.seen_units or _anchor(record) in self.seen_anchors
        if record.confidentiality == Confidentiality.NORMAL and registry.for_all_below(record.kind):
            inside = inside or record.unit_id in self.above
        if record.confidentiality == Confidentiality.RESTRICTED:
            owner = self.holds_any and record.owner_id == self.person_id
            return (inside and record.unit_id in self.clearance) or owner
        return inside

    def units_for(self, verb: str) -> frozenset[int]:
        """Units in which the person may do `verb` (for pickers)."""
        return frozenset().union(*(self.units.get(role, frozenset()) for role in registry.roles_of(verb)))


def _opens(window: Window, record: Any, unit: int | None) -> bool:
    """Whether a verb reaches the record (or the unit; or anything at all) through a window."""
    return window.shows(record) if record is not None else unit is None or unit in window.units


def _in_scope(verb: str, scopes: frozenset[str]) -> bool:
    return verb in scopes or verb.split(".", maxsplit=1)[0] + ".*" in scopes or "*" in scopes


def _anchor(record: Any) -> int | None:
    column = getattr(record, "anchor", "") if record is not None else ""
    return getattr(record, column) if column else None


NOBODY = Access()


def access_of(user: Any) -> Access:
    """The access of a signed-in person; nobody's for anyone else or the deactivated."""
    if not getattr(user, "is_active", False):
        return NOBODY
    access = getattr(user, "access", NOBODY)
    assert isinstance(access, Access)
    return access
