from typing import Any

from aims.access import access_of

VERBS = {
    "sample.create": ("aims_manager", "system_owner"),
    "sample.change": ("aims_manager", "system_owner"),
    "sample.delete": ("aims_manager",),
}


def can_change_sample(user: Any, sample: Any) -> str:
    return access_of(user).capacity("sample.change", sample)


def can_create_sample(user: Any, unit_id: int) -> str:
    return access_of(user).capacity("sample.create", unit_id=unit_id)
