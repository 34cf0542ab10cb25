"""The generated pages of the documentation are those that the code would write now."""

from pathlib import Path

import pytest
from django.conf import settings

from aims import diagrams


def _without_samples(text):
    return "\n".join(line for line in text.splitlines() if "Sample" not in line)


@pytest.mark.parametrize("name", ["states.md", "entities.md", "facts.md"])
def test_generated_pages_are_fresh(name):
    """`manage.py diagrams` writes them."""
    written = (Path(settings.BASE_DIR) / "docs" / name).read_text(encoding="utf-8")
    assert _without_samples(written) == _without_samples(diagrams.pages()[name])
