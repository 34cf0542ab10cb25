import pytest

from tests.factories import person, unit
from tests.factories.sample import sample


@pytest.mark.django_db
def test_sample():
    where = unit()
    s = sample(unit=where, owner=person("reader", where))
    print(s, s.version)


def test_committed(committed_db):
    print(committed_db)
    where = unit()
    sample(unit=where)
