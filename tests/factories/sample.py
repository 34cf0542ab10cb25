"""Samples: the governed kind of the kernel's tests."""

from itertools import count
from typing import Any

from aims.trail import recording
from tests.sample.models import Sample, Slice

_numbers = count(1)


def sample(**more: Any) -> Sample:
    with recording(None, "test"):
        made = Sample.objects.create(**{"title": f"Sample {next(_numbers)}", **more})
    made.refresh_from_db()
    return made


def slice_of(whole: Sample, **more: Any) -> Slice:
    with recording(None, "test"):
        return Slice.objects.create(sample=whole, **{"label": f"Slice {next(_numbers)}", **more})
