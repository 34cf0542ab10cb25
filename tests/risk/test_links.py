"""What a risk touches and from where it comes: objectives, obligations, shared components, other risks."""

import pytest
from django.db import IntegrityError, transaction

from aims.errors import Hidden
from inventory.models import ComponentUse
from organization.states import Role
from risk import services
from risk.models import Risk, RiskObjective
from tests.factories import commitments, person, unit
from tests.factories import risk as make
from tests.factories.inventory import component

pytestmark = pytest.mark.django_db


class TestObjectivesAndObligations:
    def test_are_named_and_replaced(self):
        one, two, law = commitments.objective(), commitments.objective(), commitments.obligation()
        row = make.risk(objective_rows=[(one, "hinders"), (two, "helps")], obligations=[law])
        assert {(part.objective, part.effect) for part in row.objective_rows.all()} == {
            (one, "hinders"),
            (two, "helps"),
        }
        services.change_risk(row, by=row.owner, data={"objective_rows": [(one, "helps")], "obligations": []})
        assert [part.effect for part in row.objective_rows.all()] == ["helps"]
        assert not row.obligation_rows.exists()

    def test_what_one_does_not_see_cannot_be_named(self):
        hidden = commitments.obligation(unit=unit())
        with pytest.raises(Hidden):
            make.risk(unit=unit(), obligations=[hidden])

    def test_an_effect_is_known(self):
        row = make.risk(objective_rows=[(commitments.objective(), "hinders")])
        with pytest.raises(IntegrityError), transaction.atomic():
            RiskObjective.objects.filter(risk=row).update(effect="worries")

    def test_through_the_form(self, client_of):
        aim, law, row = commitments.objective(), commitments.obligation(), make.risk()
        page, url = client_of(row.owner), row.get_absolute_url()
        form = page.get(f"{url}change/").context["form"]
        given = {name: form[name].value() for name in form.fields if form[name].value()}
        given |= {"hindered": aim.ref, "obligations": law.ref, "unit": "", "system": row.system.ref}
        given["owner"] = row.owner.email
        both = page.post(f"{url}change/", {**given, "helped": aim.ref})
        assert (both.status_code, "not both" in both.content.decode()) == (400, True)
        assert page.post(f"{url}change/", given).status_code == 302
        text = page.get(url).content.decode()
        assert aim.title in text
        assert law.title in text
        assert page.get(f"{url}change/").context["form"]["hindered"].value() == aim.ref

    def test_through_the_api(self, api_of):
        aim, law, row = commitments.objective(), commitments.obligation(), make.risk()
        api, path = api_of(row.owner), f"/api/v1/risks/{row.ref}/"
        body = {"hinders": [aim.ref], "obligations": [law.ref]}
        done = api.patch(path, body, format="json", HTTP_IF_MATCH=f'"{row.version}"')
        assert (done.status_code, done.json()["hinders"], done.json()["obligations"]) == (200, [aim.ref], [law.ref])
        wrong = api.patch(path, {"helps": ["OBJ-9999"]}, format="json", HTTP_IF_MATCH=done["ETag"])
        assert wrong.status_code == 400


class TestSharedComponents:
    def test_every_system_that_uses_it_inherits_the_risk(self, client_of):
        make.in_force()
        shared, system = component(), make.system()
        ComponentUse.objects.create(system=system, component=shared)
        above = make.risk(system=None, component=shared, title="A defect sits in the weights")
        assert list(Risk.objects.inherited_by(system)) == [above]
        page = client_of(above.owner)
        text = page.get(f"{system.get_absolute_url()}risks/").content.decode()
        assert "A defect sits in the weights" in text
        take = f"/risks/new/?inherits_from={above.ref}&system={system.ref}"
        form = page.get(take).context["form"]
        assert (form["title"].value(), form.initial["inherits_from"]) == (above.title, above)
        services.register_risk(
            by=above.owner, data={
                "title": "Ours", "cause": "c", "event": "e", "consequences": "k", "owner": above.owner,
                "system": system, "inherits_from": above,
            },
        )  # fmt: skip
        assert not Risk.objects.inherited_by(system).exists()

    def test_through_the_api(self, api_of):
        shared, row = component(), make.risk()
        path = f"/api/v1/risks/{row.ref}/"
        done = api_of(row.owner).patch(path, {"component": shared.ref}, format="json", HTTP_IF_MATCH=f'"{row.version}"')
        assert (done.status_code, done.json()["component"]) == (200, shared.ref)


class TestInheritance:
    def test_cycles_are_refused_by_service_api_and_database(self, api_of):
        one = make.risk()
        two = make.risk(inherits_from=one)
        three = make.risk(inherits_from=two)
        with pytest.raises(IntegrityError), transaction.atomic():
            Risk.objects.filter(pk=one.pk).update(inherits_from=three)
        answer = api_of(person(Role.AIMS_MANAGER)).patch(
            f"/api/v1/risks/{one.ref}/", {"inherits_from": three.ref}, format="json", HTTP_IF_MATCH=f'"{one.version}"'
        )
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/inherits_from")
