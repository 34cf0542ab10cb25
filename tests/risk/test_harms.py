"""AC-07: what an impact assessment finds feeds the register; a severe harm without a risk holds the approval up."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import due
from aims.errors import Hidden, NotPermitted, WrongState
from aims.models import Task
from impact.services import remove_impact
from organization.states import Role
from risk import services
from risk.models import HarmLink, Reassessment, Risk
from tests.factories import impact as found
from tests.factories import person, unit
from tests.factories import risk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(db):
    """A submitted assessment with one severe harm, and the harm."""
    row = found.submitted(severe=True)
    return row, row.impacts.severe().get()


class TestSubmission:
    def test_proposes_a_risk_in_the_words_of_the_harm(self, submitted):
        row, harm = submitted
        risk = HarmLink.objects.get(harm=harm).risk
        assert (risk.system, risk.owner, risk.state) == (row.system, row.system.owner, "identified")
        assert (risk.event, harm.party.name in risk.consequences, risk.rated) == (harm.description, True, False)

    def test_its_owner_gets_a_task(self, submitted):
        due.run(make.now())
        risk = Risk.objects.get()
        assert Task.objects.get(record=risk.pk).assignee == risk.owner

    def test_a_follower_asks_the_same_risk_again(self, submitted):
        row, harm = submitted
        risk = Risk.objects.get()
        make.in_force()
        make.assess(risk, by=make.manager(Role.RISK_OWNER))
        other = found.written(severe=True)
        next_one = SimpleNamespace(ref=other.ref, pk=other.pk, predecessor_id=row.pk, system=row.system)
        same = other.impacts.severe().get()
        assert same.description == harm.description
        (again,) = services.take_up_harms(next_one, [same], by=None, on=make.today())
        assert again == risk
        assert Reassessment.objects.get().trigger == "impact_result"
        assert Risk.objects.count() == 1


class TestApproval:
    def test_waits_for_a_risk(self, submitted):
        row, harm = submitted
        HarmLink.objects.all().delete()
        with pytest.raises(WrongState) as refused:
            found.approve(found.fresh(row))
        (missing,) = [one for one in refused.value.extra["unmet"] if one["id"] == "harms_in_register"]
        assert str(harm) in missing["sentence"]
        assert row.system.ref in missing["url"]
        risk = make.risk(system=row.system, unit=row.system.unit)
        services.link_harm(risk, by=risk.owner, harm=harm)
        assert found.approve(found.fresh(row)).state == "approved"


class TestLinking:
    def test_through_the_page_of_the_risk(self, client_of, submitted):
        row, harm = submitted
        risk = make.risk(system=row.system, unit=row.system.unit)
        page, url = client_of(risk.owner), risk.get_absolute_url()
        assert f"{url}harm/" in page.get(url).content.decode()
        assert page.post(f"{url}harm/", {"harm": "99999999"}).status_code == 400
        assert page.post(f"{url}harm/", {"harm": str(harm.pk)}).status_code == 302
        assert row.ref in page.get(url).content.decode()

    def test_refuses_a_benefit_another_system_others_and_what_is_hidden(self, submitted):
        row, harm = submitted
        risk, other = make.risk(system=row.system, unit=row.system.unit), make.risk()
        with pytest.raises(ValidationError, match="harm"):
            services.link_harm(other, by=other.owner, harm=harm)
        with pytest.raises(NotPermitted):
            services.link_harm(risk, by=person(Role.READER), harm=harm)
        elsewhere = make.risk(unit=unit())
        local = person(Role.RISK_OWNER, elsewhere.unit)
        with pytest.raises(Hidden):
            services.link_harm(elsewhere, by=local, harm=harm)
        benefit = row.impacts.filter(direction="benefit").first()
        if benefit is not None:
            with pytest.raises(ValidationError, match="harm"):
                services.link_harm(risk, by=risk.owner, harm=benefit)

    def test_once(self, submitted):
        _row, harm = submitted
        link = HarmLink.objects.get(harm=harm)
        with pytest.raises(IntegrityError), transaction.atomic():
            HarmLink.objects.create(risk=link.risk, harm=harm)

    def test_a_harm_with_a_risk_is_not_removed(self, db):
        row = found.assessment()
        by = found.author_of(row)
        harm = found.impact(row, found.party(row))
        risk = make.risk(system=row.system, unit=row.system.unit)
        link = HarmLink.objects.create(risk=risk, harm=harm)
        with pytest.raises(WrongState, match="A risk was made of it"):
            remove_impact(found.fresh(row), harm.pk, by=by)
        assert HarmLink.objects.get() == link
