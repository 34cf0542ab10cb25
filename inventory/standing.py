"""How life-cycle records stand: which is the one in force, what is missing in a draft, which criteria hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from inventory.models import AISystem, CheckResult, LifecycleRecord, SystemVersion
from inventory.states import RecordState


@dataclass(frozen=True)
class Standing:
    """One criterion with its latest result; `passed` is None while there is none."""

    criterion: Mapping[str, Any]
    result: CheckResult | None

    @property
    def passed(self) -> bool | None:
        return self.result.passed if self.result is not None else None


def standings(record: LifecycleRecord, digest: str = "", data: str = "") -> list[Standing]:
    """Each criterion with its latest result, of one model or of one release of data when named.

    One query, or none when prefetched.
    """
    latest: dict[tuple[str, str], CheckResult] = {}
    for result in sorted(record.results.all(), key=lambda row: row.pk):
        if digest in ("", result.digest) and data in ("", result.data_version):
            latest[result.metric, result.group] = result
    return [Standing(one, latest.get((one["metric"], one["group"]))) for one in record.criteria]


def failed(record: LifecycleRecord) -> list[Standing]:
    return [one for one in standings(record) if one.passed is False]


def unmeasured(record: LifecycleRecord) -> list[Standing]:
    return [one for one in standings(record) if one.passed is None]


def proves(envelope: LifecycleRecord, digest: str = "", data: str = "") -> bool:
    """Whether readings for this model, or with this release of data, keep every limit of the envelope."""
    found = standings(envelope, digest, data)
    return bool(found) and all(one.passed for one in found)


def in_force(system: AISystem, sort: str, release: SystemVersion | None) -> LifecycleRecord | None:
    """The newest record of a sort for a version (or for the system as a whole) that nothing superseded."""
    rows = LifecycleRecord.objects.filter(system=system).for_version(release)
    return rows.newest(sort)  # type: ignore[no-any-return]


def gaps(record: LifecycleRecord, rules: Mapping[str, Any]) -> list[str]:
    """What an approver would miss, as sentences."""
    asked = rules.get("sorts", {}).get(record.sort, {})
    found = []
    if not (record.link_id and asked.get("link")):
        found += [
            _("“%(field)s” is not stated.") % {"field": field["label"]}
            for field in asked.get("fields", ())
            if not str(record.answers.get(field["id"], "")).strip()
        ]
    if asked.get("criteria") and not record.criteria:
        found.append(_("No criterion is set."))
    return found


def label(metric: str, group: str) -> str:
    return f"{metric} ({group})" if group else metric


def named(rows: Iterable[Standing]) -> str:
    return ", ".join(label(one.criterion["metric"], one.criterion["group"]) for one in rows)


def settled(record: LifecycleRecord | None) -> bool:
    return record is not None and record.state == RecordState.APPROVED
