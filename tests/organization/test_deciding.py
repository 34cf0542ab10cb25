"""Verbs that decide ask who one is again after 15 minutes; nothing typed is lost on the way."""

import time
from typing import Any

import pytest
from django.test import Client

from organization.models import UnitGrant, User
from organization.states import Role
from tests.factories.organization import PASSWORD, PersonFactory, hold, person, root, sign_in_again

pytestmark = pytest.mark.django_db


def long_ago(client: Client, minutes: int) -> None:
    session = client.session
    records = session["account_authentication_methods"]
    records[-1]["at"] = time.time() - minutes * 60
    session["account_authentication_methods"] = records
    session.save()


@pytest.fixture
def manager(client: Client) -> User:
    who = person(Role.AIMS_MANAGER)
    client.force_login(who)
    sign_in_again(client, who)
    return who


def ends(client: Client, held: UnitGrant) -> Any:
    return client.post(f"/grants/{held.pk}/end/", {"reason": "moved on"})


@pytest.fixture
def held(db: None) -> UnitGrant:
    return hold(PersonFactory(), Role.READER, root())


def test_who_signed_in_just_now_decides(client: Client, manager: User, held: UnitGrant):
    long_ago(client, 14)
    assert ends(client, held)["Location"] == f"/people/{held.user_id}/"
    held.refresh_from_db()
    assert held.end_reason == "moved on"


def test_after_fifteen_minutes_the_form_asks_first(client: Client, manager: User, held: UnitGrant):
    long_ago(client, 16)
    answer = client.get(f"/grants/{held.pk}/end/")
    assert answer["Location"] == f"/account/reauthenticate/?next=%2Fgrants%2F{held.pk}%2Fend%2F"


def test_what_was_sent_too_late_is_done_after_the_password(client: Client, manager: User, held: UnitGrant):
    long_ago(client, 16)
    asked = ends(client, held)
    held.refresh_from_db()
    assert held.ended_at is None
    client.post(asked["Location"], {"password": PASSWORD})
    held.refresh_from_db()
    assert held.end_reason == "moved on"


def test_a_wrong_password_decides_nothing(client: Client, manager: User, held: UnitGrant):
    long_ago(client, 16)
    client.post(ends(client, held)["Location"], {"password": "wrong"})
    held.refresh_from_db()
    assert held.ended_at is None


def test_a_session_without_a_proof_is_asked(client: Client, held: UnitGrant):
    client.force_login(person(Role.AIMS_MANAGER))
    assert "/account/reauthenticate/" in ends(client, held)["Location"]


def test_the_proof_of_somebody_else_is_none(client: Client, manager: User, held: UnitGrant):
    client.force_login(person(Role.AIMS_MANAGER))
    assert "/account/reauthenticate/" in ends(client, held)["Location"]


def test_strangers_are_sent_to_the_sign_in(client: Client, held: UnitGrant):
    assert ends(client, held)["Location"].startswith("/account/login/")


def test_the_api_answers_401(api_of: Any, held: UnitGrant):
    who = person(Role.AIMS_MANAGER)
    client = api_of(who)
    address, match = f"/api/v1/grants/{held.pk}/end/", {"HTTP_IF_MATCH": '"1"'}
    answer = client.post(address, {"reason": "moved"}, **match)
    assert answer.status_code == 401
    assert answer.json()["title"] == "Confirm that it is you"
    sign_in_again(client, who)
    assert client.post(address, {"reason": "moved"}, **match).status_code == 200
