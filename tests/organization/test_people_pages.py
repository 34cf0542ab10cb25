"""Pages of people: what they show to whom, what they refuse, what they write."""

from typing import Any

import pytest
from django.test import Client

from organization import services
from organization.models import User
from organization.states import Role
from tests.factories.organization import PASSWORD, PersonFactory, UnitFactory, hold, person, root, sign_in_again

pytestmark = pytest.mark.django_db
M = Role.AIMS_MANAGER


@pytest.fixture
def manager(client: Client) -> User:
    who = person(M, name="Manager")
    client.force_login(who)
    sign_in_again(client, who)
    return who


def text(answer: Any) -> str:
    return str(answer.content.decode())


# -- the register ----------------------------------------------------------------------------------------------------


def test_the_register_shows_people_with_roles(client: Client, manager: User):
    person(Role.READER, UnitFactory(name="Care"), name="Ada", job_title="Engineer")
    shown = text(client.get("/people/"))
    assert "Ada" in shown
    assert "Engineer" in shown
    assert "Reader (Care)" in shown
    assert "Add a person" in shown


def test_the_register_hides_people_and_roles_of_other_units(client: Client):
    here, there = UnitFactory(name="Here"), UnitFactory(name="Canaryland")
    client.force_login(person(Role.READER, here, name="Me"))
    both = person(Role.READER, here, name="Both")
    hold(both, Role.APPROVER, there)
    person(Role.READER, there, name="Stranger")
    shown = text(client.get("/people/"))
    assert "Both" in shown
    assert "Stranger" not in shown
    assert "Canaryland" not in shown
    assert "Add a person" not in shown
    for query in ("?q=Stranger", "?format=csv", "?columns=name,roles"):
        answer = client.get(f"/people/{query}")
        body = b"".join(answer.streaming_content).decode() if answer.streaming else text(answer)  # type: ignore[attr-defined]
        assert "stranger@" not in body.lower().replace("?q=stranger", "")
        assert "Canaryland" not in body


@pytest.mark.parametrize("query", ["?active=False", "?program=True", "?q=ada", "?sort=-email", "?unit=%s"])
def test_the_register_filters_searches_and_sorts(client: Client, manager: User, query: str):
    PersonFactory(name="Ada")
    where = query % root().pk if "%s" in query else query
    assert client.get(f"/people/{where}").status_code == 200


def test_an_unknown_filter_value_is_refused(client: Client, manager: User):
    assert client.get("/people/?unit=999999").status_code == 400


def test_the_register_takes_the_same_queries_for_one_and_three(client: Client, manager: User, queries: Any):
    person(Role.READER)
    client.get("/people/")
    few = queries(lambda: client.get("/people/"))
    for _ in range(3):
        person(Role.READER, UnitFactory())
    assert queries(lambda: client.get("/people/")) == few


def test_strangers_are_sent_to_sign_in(client: Client):
    for path in ("/people/", "/units/", "/roles/", "/me/", "/people/1/"):
        assert client.get(path)["Location"].startswith("/account/login/")


# -- one person ------------------------------------------------------------------------------------------------------


def test_the_page_of_a_person_for_a_manager(client: Client, manager: User):
    who = person(Role.READER, name="Ada")
    shown = text(client.get(f"/people/{who.pk}/"))
    for words in ("Give a role", "Deactivate", "Invite again", "Last signed in", "History", "Reader"):
        assert words in shown


def test_the_page_of_a_person_for_a_colleague(client: Client):
    here = UnitFactory()
    client.force_login(person(Role.READER, here))
    who = person(Role.CONTRIBUTOR, here, name="Ada")
    services.end_grant(
        hold(who, Role.APPROVER, here), by=person(M), reason="secretly", at=who.joined_at, on=who.joined_at.date()
    )
    shown = text(client.get(f"/people/{who.pk}/"))
    assert "Contributor" in shown
    for words in ("Give a role", "Deactivate", "Last signed in", "History</a>", "secretly", "Approver"):
        assert words not in shown
    assert client.get(f"/people/{who.pk}/history/").status_code == 404


def test_a_person_of_another_unit_does_not_exist(client: Client):
    client.force_login(person(Role.READER, UnitFactory()))
    who = PersonFactory(unit=UnitFactory())
    for path in ("", "history/", "change/"):
        assert client.get(f"/people/{who.pk}/{path}").status_code == 404
    for strange in ("999999", "9" * 30, "0"):
        assert client.get(f"/people/{strange}/").status_code == 404


def test_the_history_tells_roles_as_sentences(client: Client, manager: User):
    who, unit = PersonFactory(name="Ada"), UnitFactory(name="Care")
    today = who.joined_at.date()
    grant = services.grant_role(who, role="reader", unit=unit, by=manager, reason="needs to read", on=today)
    services.change_person(who, by=manager, data={"job_title": "Lead"}, reason="promoted")
    services.end_grant(grant, by=manager, reason="moved on", at=who.joined_at, on=today)
    shown = text(client.get(f"/people/{who.pk}/history/"))
    assert "ave Ada the role Reader in Care, from" in shown
    assert "nded the role Reader of Ada in Care" in shown
    assert "moved on" in shown
    assert "promoted" in shown
    assert "outside the application" not in shown.replace("test", "")
    assert client.get(f"/people/{who.pk}/nothing/").status_code == 404


def test_the_history_of_a_grant_with_an_end_and_of_a_changed_one(client: Client, manager: User):
    who, unit = PersonFactory(name="Ada"), UnitFactory(name="Care")
    day = who.joined_at.date()
    grant = hold(who, Role.READER, unit, valid_from=day, valid_until=day)
    type(grant).objects.filter(pk=grant.pk).update(reason="reworded")
    shown = text(client.get(f"/people/{who.pk}/history/"))
    assert " to " in shown
    assert "Reader, Ada, Care" in shown
    assert "outside the application" in shown


# -- writing ---------------------------------------------------------------------------------------------------------

NEW = {"name": "Ada", "email": "ada@example.org", "language": "en", "time_zone": "Europe/Berlin"}


def test_a_manager_adds_a_person(client: Client, manager: User):
    UnitFactory(name="Care")
    User.objects.filter(pk=manager.pk).update(time_zone="Europe/Lisbon")
    assert 'value="Europe/Lisbon" selected' in text(client.get("/people/new/"))
    answer = client.post("/people/new/", {**NEW, "unit": "Care"})
    made = User.objects.get(email="ada@example.org")
    assert answer["Location"] == f"/people/{made.pk}/"
    assert made.unit.name == "Care"


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", ""), ("email", "no address"), ("unit", "Nowhere"), ("time_zone", "Mars"), ("name", "x" * 121)],
)
def test_a_bad_person_comes_back_with_what_was_typed(client: Client, manager: User, field: str, value: str):
    root()
    answer = client.post("/people/new/", {**NEW, "unit": "Whole", field: value, "job_title": "Kept 👩‍🚀 עברית"})
    assert answer.status_code == 400
    assert "Kept 👩‍🚀 עברית" in text(answer)
    assert not User.objects.filter(email="ada@example.org").exists()


def test_a_taken_address_is_said_at_its_field(client: Client, manager: User):
    root()
    answer = client.post("/people/new/", {**NEW, "unit": "Whole", "email": manager.email.upper()})
    assert answer.status_code == 400
    assert "There is an account with this e-mail." in text(answer)


def test_nobody_else_adds_people(client: Client):
    client.force_login(person(Role.TOP_MANAGEMENT))
    assert client.get("/people/new/").status_code == 403
    assert client.post("/people/new/", {**NEW, "unit": "Whole"}).status_code == 403
    assert not User.objects.filter(email="ada@example.org").exists()


def test_a_manager_of_one_unit_adds_nobody_to_another(client: Client):
    UnitFactory(name="There")
    client.force_login(person(M, UnitFactory(name="Here")))
    assert client.post("/people/new/", {**NEW, "unit": "There"}).status_code == 400
    assert client.post("/people/new/", {**NEW, "unit": "Here"}).status_code == 302


def test_a_manager_changes_a_person_and_a_stale_save_loses_nothing(client: Client, manager: User):
    who = PersonFactory(name="Ada", job_title="Old")
    address, form = f"/people/{who.pk}/change/", {"name": "Ada", "unit": "Whole", "version": 1}
    assert 'value="Whole"' in text(client.get(address))
    assert client.post(address, {**form, "job_title": "Lead"}).status_code == 302
    late = client.post(address, {**form, "job_title": "Mine"})
    assert late.status_code == 412
    assert "Mine" in text(late)
    assert "Lead" in text(late)
    assert User.objects.get(pk=who.pk).job_title == "Lead"


def test_the_address_is_not_in_the_managers_form(client: Client, manager: User):
    who = PersonFactory()
    form = {"name": "Ada", "unit": "Whole", "email": "evil@example.org", "is_active": "", "password": "x"}
    client.post(f"/people/{who.pk}/change/", form)
    after = User.objects.get(pk=who.pk)
    assert (after.name, after.email, after.is_active, after.password) == ("Ada", who.email, True, who.password)


def test_a_colleague_changes_nobody(client: Client):
    here = UnitFactory()
    client.force_login(person(Role.SYSTEM_OWNER, here))
    who = PersonFactory(unit=here)
    for path in ("change", "deactivate", "reactivate"):
        answer = client.get(f"/people/{who.pk}/{path}/", follow=False)
        assert answer.status_code in (302, 403)
    assert client.post(f"/people/{who.pk}/change/", {"name": "X", "unit": "x"}).status_code == 403
    assert client.post(f"/people/{who.pk}/invite/").status_code == 403


def test_deactivating_and_back(client: Client, manager: User):
    who = person(Role.READER)
    address = f"/people/{who.pk}/"
    assert "every role stops counting" in text(client.get(f"{address}deactivate/"))
    assert client.post(f"{address}deactivate/", {"reason": ""}).status_code == 400
    assert client.post(f"{address}deactivate/", {"reason": "left"})["Location"] == address
    assert not User.objects.get(pk=who.pk).is_active
    assert "Reactivate" in text(client.get(address))
    assert client.post(f"{address}deactivate/", {"reason": "left"}).status_code == 409
    assert client.get(f"{address}reactivate/").status_code == 200
    assert client.post(f"{address}reactivate/", {"reason": "back"})["Location"] == address
    assert User.objects.get(pk=who.pk).is_active


def test_an_invitation_is_sent_again(client: Client, manager: User):
    who = PersonFactory()
    assert client.post(f"/people/{who.pk}/invite/")["Location"] == f"/people/{who.pk}/"
    assert client.get(f"/people/{who.pk}/invite/").status_code == 405


def test_a_role_is_given_on_its_page(client: Client, manager: User):
    who, unit = PersonFactory(name="Ada"), UnitFactory(name="Care")
    address = f"/people/{who.pk}/grant/"
    shown = text(client.get(address))
    assert "Reads the unit&#x27;s records" in shown
    assert 'value="Whole"' in shown
    form = {"role": "reader", "unit": "Care", "valid_from": who.joined_at.date().isoformat(), "reason": "reads along"}
    assert client.post(address, {**form, "valid_from": "2001-01-01"}).status_code == 400
    assert client.post(address, {**form, "role": "emperor"}).status_code == 400
    assert client.post(address, form)["Location"] == f"/people/{who.pk}/"
    assert unit.pk in User.objects.get(pk=who.pk).access.seen_units
    assert client.post(address, form).status_code == 400


def test_roles_are_given_by_managers_to_others(client: Client, manager: User):
    assert client.get(f"/people/{manager.pk}/grant/").status_code == 403
    assert client.get(f"/people/{PersonFactory(is_active=False).pk}/grant/").status_code == 403
    other = person(Role.TOP_MANAGEMENT)
    client.force_login(other)
    sign_in_again(client, other)
    assert client.get(f"/people/{manager.pk}/grant/").status_code == 403


def test_ending_a_role_shows_what_it_is(client: Client, manager: User):
    held = hold(PersonFactory(name="Ada"), Role.READER, UnitFactory(name="Care"), reason="because of lamps")
    shown = text(client.get(f"/grants/{held.pk}/end/"))
    assert "End the role Reader of Ada" in shown
    assert "because of lamps" in shown
    assert client.post(f"/grants/{held.pk}/end/", {"reason": ""}).status_code == 400
    assert client.get("/grants/999999/end/").status_code == 404


def test_a_role_of_another_unit_does_not_exist(client: Client):
    held = hold(PersonFactory(), Role.READER, UnitFactory())
    who = person(M, UnitFactory())
    client.force_login(who)
    sign_in_again(client, who)
    assert client.get(f"/grants/{held.pk}/end/").status_code == 404


def test_ones_own_role_may_be_laid_down(client: Client):
    who = person(Role.READER)
    client.post("/account/login/", {"login": who.email, "password": PASSWORD})
    grant = who.unit_grants.get()
    assert client.post(f"/grants/{grant.pk}/end/", {"reason": "too much"})["Location"] == f"/people/{who.pk}/"
