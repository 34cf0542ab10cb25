"""Somebody from outside at every address: writes nowhere but where it is said, by page and by token; after the last day nothing.

The addresses come from the resolver, so a new one is walked without being named.
"""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from aims import clock
from audits import services
from audits.windows import ROUTES
from organization.services.tokens import issue_token
from tests.factories import audits as make
from tests.walk import rules
from tests.walk.cells import Cell, addresses, ask, client_of, methods_of, newly_written, text_of
from tests.walk.routes import Route, routes
from tests.walk.rules import words
from tests.walk.stage import walked_world
from tests.walk.world import CASE, FOREIGN, OPEN, RESTRICTED, Persona

pytestmark = pytest.mark.xdist_group("walk0")

REFUSED = {403, 404, 405}
# Where people from outside write, said a second time: who adds an address to the product's list adds it here too.
ROOM = {
    "engagement_ask", "engagement_import", "engagement_note", "request_answer", "request_withdraw", "request_comment",
    "audit_draw", "sample_judge",
}  # fmt: skip
AUDITING = {
    "audit_paper", "audit_question", "audit_raise", "audit_report", "audit_sign", "audit_external-record",
    "audit_start", "audit_distribute", "finding_change", "finding_issue", "finding_close", "finding_withdraw",
}  # fmt: skip
WALKERS = {"external_auditor": ROOM, "outsourced_auditor": ROOM | AUDITING}


@dataclass
class Outside:
    """People from outside in engagements of their own, and another engagement that is none of theirs."""

    world: Any
    people: dict[str, Persona]
    tokens: dict[str, Persona]
    own: dict[str, list[tuple[str, Any]]]  # role → addresses of their own rooms, by route
    ends_on: Any


@pytest.fixture(scope="module")
def outside(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), walked_world() as world:
        people, tokens, own = {}, {}, {}
        for role in WALKERS:
            people[role], own[role] = let_in(world, role)
            tokens[role] = token_of(people[role])
        yield Outside(world, people, tokens, own, make.soon(14))


def let_in(world, role):
    """A member of the engagement of a running audit at home, and what is theirs to write to."""
    audit, _lead = make.running(world.home, sort="gap", title=f"{OPEN} of {role}")
    engagement = make.engagement(audit, role=role)
    who, on, now = make.member(engagement), make.today(), clock.now()
    request = services.ask(engagement, by=who, data={"wanted": "Scope"}, on=on)
    sample = services.draw_sample(audit, by=who, at=now, title="Systems", record_kind="system", size=1)
    finding = make.finding(audit, who)
    to = {"ref": engagement.ref, "pk": request.pk}
    kinds = {
        "engagement": {"ref": engagement.ref}, "request": to, "audit": {"ref": audit.ref}, "finding": {"ref": finding.ref},
        "audit_paper": {"ref": audit.ref, "pk": audit.items.first().pk},
        "sample": {"ref": audit.ref, "pk": sample.pk, "row": sample.rows.first().pk},
    }  # fmt: skip
    own = [
        (name, reverse(name, kwargs=kinds.get(name) or kinds[name.partition("_")[0]])) for name in sorted(WALKERS[role])
    ]
    return Persona(role, who), own


def token_of(persona):
    """A bearer token of theirs with everything that one can ask for."""
    now, who = clock.now(), persona.person
    scopes = ["read", "system.change", "engagement.change"]
    _row, secret = issue_token(who, by=who, name="Own", scopes=scopes, expires_at=now + timedelta(days=90), at=now)
    return replace(persona, token=secret)


def is_own_account(route: Route) -> bool:
    return route.name.startswith(rules.OWN_PREFIXES) or (not route.name and route.pattern.startswith(rules.OWN_PATHS))


def of_nothing(route: Route) -> tuple[str, str, Any]:
    """An address of which the data set has no record: who may not send anything is refused before it is looked for."""
    return "missing", reverse(route.name, kwargs=dict.fromkeys(route.arguments, 1)), None


def asked(outside: Outside) -> list[Cell]:
    """Each address once, as far as possible of a record that the walkers see."""
    found = []
    for route in routes():
        if not is_own_account(route):
            given = next(iter(addresses(route, outside.world)), None) or of_nothing(route)
            condition, path, record = given
            found.append(Cell(route, condition, path, "GET", words.ADDRESSED, record))
    return found


def test_the_allow_list_is_the_one_said_here():
    assert {role: set(names) for role, names in ROUTES.items()} == WALKERS
    assert {name for names in WALKERS.values() for name in names} <= {route.name for route in routes()}


def send(client, cell, method):
    """The answer, inside a savepoint that is rolled back; what was written is counted by `nothing_written`."""
    sent = {"content_type": "application/json", "HTTP_ACCEPT": "application/json"} if cell.route.is_api else {}
    version = {"HTTP_IF_MATCH": f'"{cell.record.version}"'} if cell.record is not None and method != "GET" else {}
    with transaction.atomic():
        answer = client.generic(method, cell.path, "{}" if sent else "", **sent, **version)
        transaction.set_rollback(True)
    return answer


@contextmanager
def nothing_written():
    """Fails when anything was written meanwhile, even if it was rolled back."""
    newly_written()
    yield
    written = newly_written() - rules.ALWAYS_WRITTEN
    assert not written


@pytest.mark.parametrize("role", WALKERS)
def test_every_other_write_is_refused(outside, role):
    """By page and API, in a session: with every method that the address answers, and with POST where it answers none."""
    client, wrong = client_of(outside.people[role]), []
    with nothing_written():
        for cell in asked(outside):
            for method in sorted({*methods_of(cell.route), "POST"} - {"GET"}):
                status = send(client, cell, method).status_code if cell.route.name not in WALKERS[role] else 403
                wrong += [f"{method} {cell.path}: {status}"] if status not in REFUSED else []
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(wrong)


@pytest.mark.parametrize("role", WALKERS)
def test_nothing_is_written_in_rooms_of_others(outside, role):
    """The allow-list's addresses in another's engagement or audit, and in one's own without being on its team."""
    client, wrong, tried = client_of(outside.people[role]), [], 0
    for route in routes():
        if route.name not in WALKERS[role]:
            continue
        for condition, path, record in addresses(route, outside.world):
            answer = ask(client, Cell(route, condition, path, "POST", words.ADDRESSED, record))
            tried += 1
            if answer.status not in REFUSED or answer.written:
                wrong.append(f"POST {path} ({condition}): {answer.status}, wrote {sorted(answer.written)}")
    assert tried > len(WALKERS[role])
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(wrong)


@pytest.mark.parametrize("role", WALKERS)
def test_their_own_rooms_are_open_to_them(outside, role):
    """Every address of the list lets its own people in: none is on it for nothing."""
    client, by_name = client_of(outside.people[role]), {route.name: route for route in routes()}
    answers = {
        name: ask(client, Cell(by_name[name], OPEN, path, "POST", words.ADDRESSED)).status
        for name, path in outside.own[role]
    }
    # An empty form is wrong, a verb comes too early or asks for the password: but they are let in.
    lead_alone = {"audit_report", "audit_distribute", "audit_sign"}
    refused = {name: status for name, status in answers.items() if status in REFUSED and name not in lead_alone}
    assert not refused


@pytest.mark.parametrize("role", WALKERS)
def test_tokens_of_theirs_only_read(outside, role):
    client, wrong, read = client_of(outside.tokens[role]), [], 0
    with nothing_written():
        for cell in asked(outside):
            for method in methods_of(cell.route) if cell.route.is_api else ():
                status = send(client, cell, method).status_code
                read += (method, status) == ("GET", 200)
                wrong += [f"{method} {cell.path}: {status}"] if method != "GET" and status not in REFUSED else []
    assert read > 20
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(wrong)


@pytest.mark.parametrize("role", WALKERS)
def test_nothing_answers_after_the_last_day(outside, role):
    """By session and by token; one's own account stays."""
    by_session, by_token, wrong = client_of(outside.people[role]), client_of(outside.tokens[role]), []
    with clock.at(clock.now() + timedelta(days=(outside.ends_on - make.today()).days + 1)), nothing_written():
        for cell in asked(outside):
            if rules.PAGES.get(cell.route.name) in (words.ANYBODY, words.ANYBODY_WITH_SECRET):
                continue
            method = methods_of(cell.route)[0]
            wrong += told(cell, send(by_session, cell, method), 403)
            wrong += told(cell, send(by_token, cell, method), 401) if cell.route.is_api else []
        wrong += [path for _name, path in outside.own[role] if by_session.get(path).status_code != 403]
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(wrong)


def told(cell, answer, right):
    text = text_of(answer)
    shown = [mark for mark in (OPEN, FOREIGN, RESTRICTED, CASE) if mark in text]
    return [f"{cell}: {answer.status_code}, shows {shown}"] if answer.status_code != right or shown else []
