"""Fresh, due, expired: one rule for lists and single rows."""

from datetime import date, timedelta

import pytest

from aims.models import Record
from evidence.models import EvidenceItem
from evidence.querysets import DUE_DAYS
from evidence.services import link_evidence, withdraw_evidence
from tests.factories.evidence import file_evidence, keeper
from tests.factories.evidence import link_evidence as address

DAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("days", "found"),
    [(None, "unknown"), (DUE_DAYS + 1, "fresh"), (DUE_DAYS, "due"), (0, "due"), (-1, "expired"), (-400, "expired")],
)
def test_freshness_of_one_row_and_of_lists_agree(db, days, found):
    item = file_evidence(expires_on=None if days is None else DAY + timedelta(days=days))
    assert item.freshness(DAY) == found
    lists = {
        name for name in ("fresh", "due", "expired", "unknown") if item in getattr(EvidenceItem.objects, name)(on=DAY)
    }
    assert lists == {found}


def test_what_is_withdrawn_is_neither(db):
    by = keeper()
    item = withdraw_evidence(file_evidence(by, expires_on=DAY), by=by, reason="wrong sample", version=None)
    assert item.freshness(DAY) == ""
    assert not EvidenceItem.objects.current().exists()


def test_about_a_record(db):
    by = keeper()
    one, other = file_evidence(by), file_evidence(by)
    link_evidence(one, by=by, record=Record.objects.get(pk=other.pk))
    assert list(EvidenceItem.objects.about(other.pk)) == [one]


def test_files_alone(db):
    item = file_evidence()
    address()
    assert list(EvidenceItem.objects.files()) == [item]
