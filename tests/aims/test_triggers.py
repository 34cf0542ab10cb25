"""The index of pgtrigger's registry says what pgtrigger itself would find by reading everything."""

from typing import Any

import pgtrigger
import pytest
from pgtrigger.registry import _registry as rows

from aims.triggers import Indexed, _Plain
from tests.sample.models import Sample


def trigger(name: str, func: str = "RETURN NEW;") -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Update, func=func)


def says_the_same() -> bool:
    plain: Any = _Plain
    assert isinstance(rows, Indexed)
    return plain.by_db_table.fget(rows) == rows.by_db_table and (
        plain.pg_function_names.fget(rows) == rows.pg_function_names
    )


def test_it_knows_every_trigger() -> None:
    assert len(rows.by_db_table) > 500
    assert says_the_same()


def test_it_follows_what_is_added_again_and_removed() -> None:
    one = trigger("for_a_while")
    with one.register(Sample):
        assert ("sample_sample", "for_a_while") in rows.by_db_table
        one.register(Sample)
        assert says_the_same()
    assert ("sample_sample", "for_a_while") not in rows.by_db_table
    assert says_the_same()


def test_two_of_one_name_are_refused_as_before() -> None:
    with trigger("once").register(Sample):
        with pytest.raises(KeyError, match="already"):
            trigger("once", "RETURN OLD;").register(Sample)
        assert says_the_same()
