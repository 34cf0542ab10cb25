"""What the database itself promises of committees (clause 5.3)."""

import pytest
from django.db import IntegrityError, connection, transaction

from organization.committees import Matter
from tests.factories import impact as make

pytestmark = pytest.mark.django_db


def test_a_matter_stands_on_the_agenda_of_its_own_committee_alone() -> None:
    """Else a sitting would show its readers what another committee was asked."""
    matter = make.before_committee(make.submitted(), make.committee())
    others = make.sitting(make.committee())
    with pytest.raises(IntegrityError, match="matter_follows_sitting"), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(sitting=others)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
