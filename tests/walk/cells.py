"""One cell of the walk: an address, a method, somebody; what it should answer and what it did."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from aims.access import access_of
from aims.guests import may_write
from aims.models import Governed
from aims.registry import registry
from organization.models import UnitGrant, User
from tests.walk import rules
from tests.walk.routes import Route
from tests.walk.rules import words
from tests.walk.world import CASE, FOREIGN, OPEN, RESTRICTED, Persona, World, product_kinds

MISSING, CROSSED = "missing", "crossed"
CONDITIONS = (OPEN, FOREIGN, RESTRICTED, CASE, "gap", MISSING, CROSSED)
FINE = {
    "GET": {200, 302, 409},
    "POST": {200, 201, 202, 204, 302, 400, 409, 415},
    "PUT": {200, 400, 409},
    "PATCH": {200, 400, 409},
    "DELETE": {204, 200, 400, 409},
}


@dataclass(frozen=True)
class Cell:
    route: Route
    condition: str
    path: str
    method: str
    rule: str
    record: Any = None
    first: bool = True  # of the route's paths in this condition; the others differ by kind, tab or question alone

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.condition})"


def kind_of(route: Route) -> Any:
    return next((kind for kind in product_kinds().values() if kind.path == route.prefix), None)


def rule_of(route: Route, method: str) -> str | None:
    """The declared rule; None when the table forgot the route."""
    if route.name.startswith(rules.OWN_PREFIXES) or (not route.name and route.pattern.startswith(rules.OWN_PATHS)):
        return words.OWN
    if not route.actions:
        return rules.PAGES.get(route.name)
    action = dict(route.actions).get(method.lower())
    return rules.API.get(route.prefix, {}).get(action or "")


def methods_of(route: Route) -> list[str]:
    if route.actions:
        return [method.upper() for method, _action in route.actions]
    view = getattr(route.callback, "view_class", None) or getattr(route.callback, "cls", None)
    if view is None:
        return ["GET"]
    return [m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)]


# Every somebody asks every address × method once. Some ask more: who does not see all reads every record in every
# condition, a token all that programs read, who sees all every kind and tab. That a role sees foreign and restricted
# records, cases and gaps as it should is one rule, which tests/organization/test_access.py holds as a table; that an
# address asks this rule is what these find out.
SEES_NOTHING_HERE = {"nobody", "elsewhere"}


def wanted(cell: Cell, persona: Persona) -> bool:
    """Whether this somebody walks the cell."""
    reads, once = cell.method == "GET", cell.first and cell.condition == OPEN
    if cell.rule == words.OWN:
        return persona.name in ("anonymous", "aims_manager", "elsewhere")
    if persona.name == "reader":
        return reads or cell.first
    if persona.name == "token read":
        return once or (cell.route.is_api and (reads or cell.first))
    if persona.name == "aims_manager":
        return cell.condition == OPEN or (cell.first and cell.condition in (FOREIGN, MISSING))
    if persona.name in SEES_NOTHING_HERE:
        return cell.first and cell.condition in (OPEN, FOREIGN)
    return once


def cells_of(route: Route, world: World) -> Iterator[Cell]:
    for method in methods_of(route):
        rule, begun = rule_of(route, method) or words.SIGNED_IN, set[str]()
        for condition, path, record in addresses(route, world):
            yield Cell(route, condition, path, method, rule, record, first=condition not in begun)
            begun.add(condition)
            if method == "GET" and "ref" not in route.arguments and condition == OPEN:
                for query in _variants(route):
                    yield Cell(route, condition, f"{path}?{query}", method, rule, record, first=False)


def _variants(route: Route) -> list[str]:
    """What a register, a picker or the jump box is asked beside the plain address."""
    if kind_of(route) is not None and not route.is_api:
        return ["format=csv", "format=xlsx", "q=qz", f"as_of={date.today().isoformat()}"]
    return ["q=qz"] if route.name in ("jump", "pick", "home", "activity", "trail") or route.is_api else []


def addresses(route: Route, world: World) -> list[tuple[str, str, Any]]:
    """(condition, path, record) of every record condition the route can name."""
    found = []
    for condition in CONDITIONS:
        for values, record in _arguments(route, world, condition):
            path = reverse(route.name, kwargs=values) if route.name else f"/{route.pattern}"
            found.append((condition, path, record))
    return found


def _arguments(route: Route, world: World, condition: str) -> list[tuple[dict[str, Any], Any]]:
    if route.name in rules.ARGUMENTS:
        return rules.ARGUMENTS[route.name](world, condition)
    if condition == CROSSED:
        return []
    if not route.arguments:
        return [({}, None)] if condition == OPEN else []
    if "ref" not in route.arguments:
        return []
    kinds = [kind_of(route)] if kind_of(route) else list(product_kinds().values())
    found = []
    for kind in kinds:
        record = world.records.get(kind.name, {}).get(condition)
        if record is None and condition != MISSING:
            continue
        if kind.name not in world.records:
            continue
        ref = record.ref if record is not None else f"{kind.model.prefix}-99999999"
        found += [({"ref": ref, **more}, record) for more in _tabs(route, kind)]
    return found


def _tabs(route: Route, kind: Any) -> list[dict[str, Any]]:
    if "tab" not in route.arguments:
        return [{}]
    return [{"tab": tab} for tab in ("history", *(tab.id for tab in registry.tabs_of(kind.name)))]


def filled(route: Route) -> bool:
    """Whether the walk knows how to fill the address's arguments."""
    return route.name in rules.ARGUMENTS or set(route.arguments) <= {"ref", "tab", "format"}


def expected(cell: Cell, persona: Persona) -> set[int]:  # noqa: C901, one table of rules
    """The statuses that this somebody may get."""
    rule, fine = cell.rule, FINE[cell.method]
    if rule == words.OWN:
        return set(range(200, 500))
    if cell.method != "GET" and persona.person is not None and not may_write(persona.person, cell.route.name):
        return {403}  # people from outside write where it is said alone
    if rule == words.ANYBODY:
        return fine | {503}
    if rule == words.ANYBODY_WITH_SECRET:
        return {404}
    if not _signed_in(persona, cell.route):
        return {401} if cell.route.is_api else {302}
    if rule in registry.deciding:
        fine = fine | {401, 302}  # who decides is asked for the password again
    if rule == words.ADDRESSED:
        return fine | {400, 401, 403, 404}
    asked_again = {401, 302} if rule in registry.deciding else set()
    if persona.scope and persona.scope != "read" and cell.method == "GET" and cell.route.is_api:
        return fine | {403, 404}  # a token that may not read learns nothing, not even what there is
    if cell.condition == CROSSED:
        return {403, 404} | asked_again | ({400} if cell.route.is_api else set())
    if cell.condition == MISSING or (cell.record is not None and not _sees(persona, cell.record)):
        return {404} | asked_again
    if cell.path.rstrip("/").rpartition("/")[2] in _other_tabs(cell):
        fine = fine | {404}
    if rule in (words.SIGNED_IN, words.SEEN):
        return fine | ({403} if persona.scope and persona.scope != "read" else set())
    return fine if _may(persona, cell) else _refused(cell, persona)


def _other_tabs(cell: Cell) -> set[str]:
    """Tabs that not every record of the kind has."""
    kind = kind_of(cell.route)
    return {tab.id for tab in registry.tabs_of(kind.name)} if kind and "tab" in cell.route.arguments else set()


def _refused(cell: Cell, persona: Persona) -> set[int]:
    """403; a body may be found wrong before it is asked who sent it, as long as nothing is written."""
    asked_again = {401, 302} if cell.rule in registry.deciding else set()
    return ({403} if cell.method in ("GET", "DELETE") else {403, 400}) | asked_again


def _sees(persona: Persona, record: Any) -> bool:
    access = access_of(persona.person)
    if isinstance(record, Governed):
        return access.sees(record)
    if isinstance(record, User):
        return record.pk == access.person_id or record.unit_id in access.seen_units
    if isinstance(record, UnitGrant):
        return record.user_id == access.person_id or record.content_object_id in access.seen_units
    return record.pk in access.seen_units


def _signed_in(persona: Persona, route: Route) -> bool:
    if persona.person is None or not persona.person.is_active:
        return False
    return not persona.token or route.is_api


def _may(persona: Persona, cell: Cell) -> bool:
    access = access_of(persona.person)
    if persona.scope:
        access = access.limited(frozenset({persona.scope}))
    unit_id = cell.record.content_object_id if isinstance(cell.record, UnitGrant) else None
    return bool(access.capacity(cell.rule, cell.record, unit_id=unit_id))


def client_of(persona: Persona) -> Client:
    client = Client(raise_request_exception=False)
    if persona.token:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {persona.token}"
    elif persona.person is not None:
        client.force_login(persona.person)
    newly_written()  # what was written so far is not the walk's
    return client


@dataclass
class Answer:
    status: int
    text: str
    written: set[str]
    context: Any = None


def ask(client: Client, cell: Cell, data: Any = None) -> Answer:
    """Send the request inside a savepoint that is rolled back."""
    headers: dict[str, Any] = {}
    if cell.record is not None and cell.method != "GET":
        headers["HTTP_IF_MATCH"] = f'"{cell.record.version}"'
    if cell.route.is_api:
        headers.update(content_type="application/json", HTTP_ACCEPT="application/json")
        data = json.dumps(data or {}) if cell.method != "GET" else None
    cookies = client.cookies.output()
    with transaction.atomic():
        response = getattr(client, cell.method.lower())(cell.path, data if data is not None else {}, **headers)
        text, written = text_of(response), newly_written()
        transaction.set_rollback(True)
    # Who signed out is signed in again, as the rolled-back session is.
    client.cookies = SimpleCookie(cookies.replace("Set-Cookie: ", ""))
    return Answer(response.status_code, text, written - rules.ALWAYS_WRITTEN, response.context)


# The columns of pg_stat_xact_user_tables that count; the whole view is dear.
_WRITTEN = """
    SELECT t.relname, n FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace, LATERAL (
        SELECT pg_stat_get_xact_tuples_inserted(t.oid) + pg_stat_get_xact_tuples_updated(t.oid)
        + pg_stat_get_xact_tuples_deleted(t.oid) AS n
    ) counted
    WHERE t.relkind IN ('r', 'p') AND s.nspname NOT IN ('pg_catalog', 'information_schema') AND n > 0
"""


_written_before: dict[str, int] = {}
_log_before = [""]


def newly_written() -> set[str]:
    """The tables that this transaction wrote to since it was last asked. Rows rolled back go on counting.

    Whatever is written to any table is written to the server's log: where that stands still, nothing was.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        (log,) = cursor.fetchone()
        if log == _log_before[0]:
            return set()
        _log_before[0] = log
        cursor.execute(_WRITTEN)
        now = dict(cursor.fetchall())
    found = {table for table, number in now.items() if number != _written_before.get(table, 0)}
    _written_before.clear()
    _written_before.update(now)
    return found


def text_of(response: Any) -> str:
    """Everything an answer says, whatever its form."""
    body = b"".join(response.streaming_content) if getattr(response, "streaming", False) else response.content
    if body[:4] == b"PK\x03\x04":
        archive = zipfile.ZipFile(io.BytesIO(body))
        body = b"\n".join(archive.read(name) for name in archive.namelist())
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return headers + "\n" + body.decode("utf-8", "replace")


def without_noise(text: str, path: str) -> str:
    """The answer without what differs from request to request."""
    text = text.replace(path, "PATH").replace(quote(path, safe=""), "PATH")
    text = re.sub(r"[0-9a-f]{32}", "", text)
    text = re.sub(r'csrf[^"]*"[^"]*"( value="[^"]*")?', "", text)
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", text)
    text = re.sub(r"[A-Z]{2,4}-\d+", "REF", text)
    return re.sub(r"(nonce|X-Request-Id|Content-Length|Server-Timing)[^\n]*", "", text)
