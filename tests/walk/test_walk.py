"""Every address × method × somebody, against the declared table. One data set, a savepoint a cell."""

import logging
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from aims.models import Governed
from tests.walk import rules
from tests.walk.cells import (
    MISSING,
    Cell,
    ask,
    cells_of,
    client_of,
    expected,
    filled,
    methods_of,
    rule_of,
    wanted,
    without_noise,
)
from tests.walk.routes import routes
from tests.walk.rules import words
from tests.walk.world import FOREIGN, OPEN, build

WALKERS = [
    "anonymous",
    "deactivated",
    "nobody",
    "elsewhere",
    "aims_manager",
    "system_owner",
    "risk_owner",
    "approver",
    "committee_member",
    "top_management",
    "external_auditor",
    "reader",
    "contributor",
    "internal_auditor",
    "integration",
    "employee",
    "concern_handler",
    "token read",
    "token system.change",
]


def grouped(names):
    """Spread over two processes: each builds the data set once, and all that one persona asks is asked in one of them."""
    return [
        pytest.param(name, marks=pytest.mark.xdist_group(f"walk{WALKERS.index(name) % 2}"), id=name) for name in names
    ]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    logging.disable(logging.INFO)
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def test_every_route_is_in_the_table():
    forgotten = [
        f"{route.name} {method} ({route.pattern})"
        for route in routes()
        for method in methods_of(route)
        if rule_of(route, method) is None
    ]
    assert forgotten == [], "say in tests/walk/rules who may what there"


def test_every_address_can_be_filled():
    unknown = [
        f"{r.name} {r.arguments}" for r in routes() if not filled(r) and not r.name.startswith(rules.OWN_PREFIXES)
    ]
    assert unknown == [], "say in ARGUMENTS of tests/walk/rules how to fill them"


def test_the_table_names_no_route_that_is_gone():
    names = {route.name for route in routes()}
    prefixes = {route.prefix for route in routes() if route.actions}
    assert sorted(set(rules.PAGES) - names) == []
    assert sorted(set(rules.API) - prefixes) == []


@pytest.mark.xdist_group("walk0")
def test_every_kind_and_part_is_in_the_data_set(world):
    assert not world.unmade, "\n".join(sorted(set(world.unmade)))


def cells(world) -> list[Cell]:
    """Every cell; with AIMS_WALK_APP=risk in the environment those of one app's own addresses (while developing)."""
    app = os.environ.get("AIMS_WALK_APP", "")
    if not world.cells:
        mine = [route for route in routes() if filled(route) and route.module.startswith(app)]
        world.cells = [cell for route in mine for cell in cells_of(route, world)]
    return world.cells


@pytest.mark.parametrize("name", grouped(WALKERS))
def test_walk(world, name):
    persona, wrong = world.personas[name], []
    client = client_of(persona)
    for cell in cells(world):
        if not wanted(cell, persona):
            continue
        answer, right = ask(client, cell), expected(cell, persona)
        if hides(cell):
            world.looks[name, str(cell)] = without_noise(answer.text, cell.path)
        if answer.status not in right:
            wrong.append(
                f"{cell}: {answer.status}, expected {sorted(right) if len(right) < 20 else 'no error'}{_why(answer)}"
            )
        wrong += [f"{cell}: shows {canary}" for canary in persona.unseen if canary in answer.text]
        if answer.written and cell.rule != words.OWN and (cell.method == "GET" or answer.status >= 400):
            wrong.append(f"{cell}: {answer.status}, but wrote {sorted(answer.written)}")
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(map(str, wrong))


LONG_AGO = "2000-01-01"


@pytest.mark.parametrize("name", grouped(["aims_manager", "reader", "external_auditor", "token read"]))
def test_every_get_route_reads_the_past(world, name):
    """Today's permissions, nothing written, nothing of what one may not see; long ago there was no record yet."""
    persona, wrong, banners = world.personas[name], [], 0
    client = client_of(persona)
    for cell in cells(world):
        if cell.method != "GET" or cell.rule == words.OWN or "?" in cell.path or not wanted(cell, persona):
            continue
        if not (cell.first or (cell.condition == OPEN and name == "aims_manager")):
            continue
        # Long ago there was nothing in whatever condition: the open record stands for all.
        for day in (date.today().isoformat(), *([LONG_AGO] if cell.condition == OPEN else [])):
            then = replace(cell, path=f"{cell.path}?as_of={day}")
            answer = ask(client, then)
            right = expected(cell, persona) | ({403, 404, 409} if day == LONG_AGO else {409})
            # A parameter that an address has no use for may be refused.
            if answer.status not in right | {400}:
                wrong.append(f"{then}: {answer.status}, expected {sorted(right)}{_why(answer)}")
            hidden = {*persona.unseen, *([cell.record.title] if day == LONG_AGO and _governed(cell) else [])}
            wrong += [f"{then}: shows {canary}" for canary in hidden if canary in answer.text]
            if answer.written:
                wrong.append(f"{then}: wrote {sorted(answer.written)}")
            banners += 'class="band as-of"' in answer.text
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(map(str, wrong))
    assert banners or persona.token, "pages say that they show the past"


def _governed(cell: Cell) -> bool:
    return isinstance(cell.record, Governed)


def _why(answer) -> str:
    if answer.status < 500:
        return ""
    log = os.environ.get("AIMS_WALK_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(answer.text + "\n\n")
    return " SERVER ERROR"


def hides(cell: Cell) -> bool:
    """Whether the cell reads something that its reader should take for missing."""
    return cell.condition in (FOREIGN, MISSING) and cell.method == "GET"


@pytest.mark.parametrize("name", grouped(["aims_manager", "reader", "nobody", "token read"]))
def test_foreign_looks_as_if_it_did_not_exist(world, name):
    """Same status, same words: whether a reference exists elsewhere cannot be found out."""
    persona = world.personas[name]
    client, wrong = client_of(persona), []
    by_route: dict[tuple[str, str], dict[str, str]] = {}
    for cell in cells(world):
        if hides(cell) and (wanted(cell, persona) or (cell.first and cell.condition == MISSING)):
            shape = (cell.route.name, cell.path.rpartition("-")[0] + cell.path.rstrip("/").rpartition("/")[2][:3])
            seen = world.looks.get((name, str(cell)))  # `test_walk` asked the same
            look = without_noise(ask(client, cell).text, cell.path) if seen is None else seen
            by_route.setdefault(shape, {})[cell.condition] = look
    for shape, answers in by_route.items():
        if len(answers) == 2 and answers[FOREIGN] != answers[MISSING]:
            wrong.append(shape)
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(map(str, wrong))


@pytest.mark.parametrize("name", grouped(["aims_manager", "system_owner", "contributor"]))
def test_foreign_ids_in_bodies_are_refused(world, name):
    """Every link a form or the API takes is tried with a record one may not see."""
    persona = world.personas[name]
    client, wrong, tried = client_of(persona), [], 0
    for cell in cells(world):
        if cell.method not in ("POST", "PUT", "PATCH") or cell.condition not in ("qzopen",):
            continue
        for data, what in planted(client, cell, world):
            answer = ask(client, cell, data)
            tried += 1
            if answer.status >= 500 or (answer.status < 400 and what.partition(" ")[0] in answer.text):
                wrong.append(f"{cell} {what}: {answer.status}")
            wrong += [
                f"{cell} {what}: shows {canary}" for canary in persona.unseen if canary in _unechoed(answer.text, data)
            ]
            if answer.status < 400:
                wrong.append(f"{cell} {what}: accepted ({answer.status})")
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(map(str, wrong))
    assert tried or name == "contributor"


def planted(client, cell, world):
    """(body, what it plants) for every field that takes a link."""
    if cell.route.is_api:
        view = cell.route.callback.cls
        serializer = getattr(view, "serializer_class", None)
        fields = serializer().fields if serializer else {}
        for field_name, field in fields.items():
            for value in foreign_values(field, world):
                many = hasattr(field, "child_relation")
                yield {field_name: [value] if many else value}, f"{field_name}={value}"
        return
    page = ask(client, Cell(cell.route, cell.condition, cell.path, "GET", cell.rule, cell.record))
    form = _form(page.context)
    if form is None:
        return
    base = {name: value for name, value in form_data(form).items() if value is not None}
    for field_name, field in form.fields.items():
        for value in foreign_values(field, world):
            yield {**base, field_name: value}, f"{field_name}={value}"


def _form(context):
    try:
        return context["form"] if context is not None else None
    except KeyError:
        return None


def form_data(form):
    return {bound.html_name: bound.value() for bound in form if not isinstance(bound.value(), bool) or bound.value()}


def foreign_values(field, world):
    """What a person could send to point to something foreign."""
    source = getattr(field, "queryset", None)
    model = getattr(source, "model", None)
    if model is None and hasattr(field, "child_relation"):
        model = getattr(field.child_relation.queryset, "model", None)
    if model is None and getattr(field, "source", None) and hasattr(field, "rows"):
        model = field.rows(world.personas["aims_manager"].person).model
    kind = getattr(model, "kind", None)
    if kind in world.records:
        row = world.records[kind][FOREIGN]
        return [row.ref, str(row.pk)]
    if model is type(world.foreign):
        return [str(world.foreign.pk), world.foreign.name]
    return []


def _unechoed(text, data):
    """The answer without what the request itself said."""
    for value in data.values():
        if isinstance(value, str) and value:
            text = text.replace(value, "")
    return text
