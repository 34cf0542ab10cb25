from collections.abc import Mapping
from typing import Any

from aims import services
from aims.trail import recording
from tests.sample import policies
from tests.sample.models import Sample
from tests.sample.states import SAMPLE


def create_sample(*, by: Any, data: Mapping[str, Any]) -> Sample:
    capacity = services.require(policies.can_create_sample(by, data["unit"].pk))
    with recording(by, "create_sample", capacity=capacity):
        return services.create(Sample(**data))


def change_sample(
    sample: Sample, *, by: Any, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> Sample:
    capacity = services.require(policies.can_change_sample(by, sample))
    with recording(by, "change_sample", capacity=capacity, reason=reason):
        return services.change(services.locked(sample, version), data)


def use_sample(sample: Sample, *, by: Any, version: int | None = None) -> Sample:
    capacity = services.require(policies.can_change_sample(by, sample), "Owners alone take it into use.")
    with recording(by, "use_sample", capacity=capacity):
        return services.move(services.locked(sample, version), SAMPLE, "use")
