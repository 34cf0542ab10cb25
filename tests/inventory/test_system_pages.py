"""The register of systems and a system's page."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from inventory import services
from organization.models import User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return person(Role.SYSTEM_OWNER)


def page(answer: Any) -> str:
    return str(answer.content.decode())


# The register


def test_the_register_shows_what_one_sees(client_of: Any) -> None:
    here = UnitFactory(name="Payments")
    make.complete(here, title="Fraud detection", stage="operation_monitoring")
    make.system(UnitFactory(), title="Secret pricing")
    shown = page(client_of(person(Role.READER, here)).get("/systems/"))
    assert "Fraud detection" in shown and "Operation and monitoring" in shown and "1 gap" in shown
    assert "Secret pricing" not in shown and "Register a system" not in shown


def test_who_may_register_gets_the_button(client_of: Any, owner: User) -> None:
    assert "/systems/new/" in page(client_of(owner).get("/systems/"))


def test_an_empty_register_teaches(client_of: Any, owner: User) -> None:
    shown = page(client_of(owner).get("/systems/"))
    assert "No AI system is registered yet" in shown and "A.4.2" in shown


def test_nobody_signed_in_is_sent_to_sign_in(client_of: Any) -> None:
    assert client_of().get("/systems/").status_code == 302


@pytest.mark.parametrize(
    "query", ["stage=inception", "role=ai_producer", "complete=complete", "third_party=no", "q=fraud"]
)
def test_filters_leave_what_fits(client_of: Any, owner: User, query: str) -> None:
    make.complete(title="Fraud detection")
    other = make.system(title="Mail sorter", stage="re_evaluation", live_since=date(2025, 1, 1))
    shown = page(client_of(owner).get(f"/systems/?{query}"))
    assert "Fraud detection" in shown and other.ref not in shown


def test_an_unknown_filter_value_is_refused(client_of: Any, owner: User) -> None:
    assert client_of(owner).get("/systems/?stage=wild").status_code == 400


def test_the_register_is_sorted_and_paged(client_of: Any, owner: User) -> None:
    for letter in "cab":
        make.system(title=f"{letter} system")
    for sort in ("title", "-title", "owner__name", "unit__name", "live_since", "-updated_at", "ref"):
        assert client_of(owner).get(f"/systems/?sort={sort}").status_code == 200
    shown = page(client_of(owner).get("/systems/?sort=title"))
    assert shown.index("a system") < shown.index("b system") < shown.index("c system")


def test_the_register_is_exported_safely(client_of: Any, owner: User) -> None:
    make.system(title="=HYPERLINK(1)", purpose="Sorts\nmail", regions=["DE"])
    answer = client_of(owner).get("/systems/?format=csv")
    head, row = csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    told = dict(zip(head, row, strict=True))
    assert told["Name"] == "'=HYPERLINK(1)" and told["Regions"] == "Germany" and told["Stage"] == "Inception"
    book = load_workbook(BytesIO(client_of(owner).get("/systems/?format=xlsx").content))
    cells = list(book.active.iter_rows(values_only=True))
    assert "=HYPERLINK(1)" in cells[1] and book.active["A2"].data_type == "s"


@pytest.mark.parametrize("url", ["/systems/", "/components/", "/suppliers/"])
def test_a_register_takes_the_same_queries_for_one_and_three(client_of: Any, queries: Any, url: str) -> None:
    client = client_of(person(Role.READER))

    def add() -> None:
        make.version(make.complete())
        make.supplier()

    add()
    one = queries(lambda: client.get(url))
    add()
    add()
    assert queries(lambda: client.get(url)) == one <= 20


# One system


def test_the_page_says_what_it_is_and_what_is_missing(client_of: Any, owner: User) -> None:
    system = make.system(title="Fraud detection", purpose="Stops fraud", regions=["DE"], autonomy="automatic")
    shown = page(client_of(owner).get(f"/systems/{system.ref}/"))
    for words in ("Fraud detection", "Stops fraud", "Germany", "Automatic", "Human oversight is not described."):
        assert words in shown
    assert f"/systems/{system.ref}/change/#field-human_oversight" in shown
    assert f"/systems/{system.ref}/move/" in shown


def test_a_reader_sees_gaps_without_the_way_to_fill_them(client_of: Any) -> None:
    system = make.system()
    shown = page(client_of(person(Role.READER)).get(f"/systems/{system.ref}/"))
    assert "Human oversight is not described." in shown
    assert "#field-human_oversight" not in shown and "/move/" not in shown


def test_a_third_partys_system_names_its_supplier_to_who_sees_it(client_of: Any) -> None:
    here = UnitFactory()
    supplier = make.supplier(UnitFactory(), title="Kontaktor Software")
    system = make.system(here, third_party=True, vendor_product="Desk", supplier=supplier, embedded_in="Suite")
    assert "Kontaktor" in page(client_of(make.manager()).get(f"/systems/{system.ref}/"))
    assert "Kontaktor" not in page(client_of(person(Role.READER, here)).get(f"/systems/{system.ref}/"))


@pytest.mark.usefixtures("open_gate")
def test_a_retired_system_offers_no_verbs_but_change_of_hands(client_of: Any, owner: User) -> None:
    system = services.retire_system(make.system(retirement_plan="Delete"), by=owner, reason="Old", on=make.TODAY)
    shown = page(client_of(owner).get(f"/systems/{system.ref}/"))
    assert "Retired on" in shown and "/move/" not in shown
    for tab in ("roles", "versions", "components"):
        assert "/new/" not in page(client_of(owner).get(f"/systems/{system.ref}/{tab}/")).split("<main")[1]


@pytest.mark.parametrize("tab", ["", "roles/", "versions/", "components/", "history/"])
def test_every_tab_shows_and_is_hidden_from_other_units(client_of: Any, tab: str) -> None:
    here = UnitFactory()
    system = make.complete(here, stage="operation_monitoring", decisions="Paragraph one\n\nParagraph two")
    make.version(system, live_from=date(2026, 1, 1), notes="First")
    make.version(system, "2.0-rc")
    url = f"/systems/{system.ref}/{tab}"
    for role in (Role.READER, Role.SYSTEM_OWNER, Role.CONTRIBUTOR):
        assert client_of(person(role, here)).get(url).status_code == 200
    assert client_of(person(Role.SYSTEM_OWNER, UnitFactory())).get(url).status_code == 404


def test_an_unknown_tab_is_not_found(client_of: Any, owner: User) -> None:
    assert client_of(owner).get(f"/systems/{make.system().ref}/wild/").status_code == 404


@pytest.mark.parametrize("tab", ["", "roles/", "versions/", "components/"])
def test_a_page_takes_the_same_queries_whatever_hangs_on_it(client_of: Any, queries: Any, tab: str) -> None:
    system = make.complete(stage="operation_monitoring")
    client = client_of(person(Role.SYSTEM_OWNER))
    make.version(system)
    one = queries(lambda: client.get(f"/systems/{system.ref}/{tab}"))
    for number in range(2):
        make.version(system, f"2.{number}")
        make.component(system)
        data = {"role": "deployer", "legal_entity": UnitFactory(kind="legal_entity"), "rationale": "x"}
        services.add_law_role(system, by=make.manager(), data=data)
    assert queries(lambda: client.get(f"/systems/{system.ref}/{tab}")) == one <= 25


def test_tabs_show_roles_versions_and_components(client_of: Any, owner: User) -> None:
    system = make.complete(stage="operation_monitoring")
    make.version(system, "4.0", live_from=date(2026, 1, 1))
    hidden = make.component(system, confidentiality="restricted")
    client = client_of(owner)
    roles = page(client.get(f"/systems/{system.ref}/roles/"))
    assert "AI producer" in roles and "Builds it" in roles and "Own name" in roles
    versions = page(client.get(f"/systems/{system.ref}/versions/"))
    assert "4.0" in versions and make.DIGEST in versions and "Take out of use" in versions
    components = page(client.get(f"/systems/{system.ref}/components/"))
    assert "Data sets" in components and "Use a registered component" in components and hidden.ref not in components


def test_the_past_can_be_read(client_of: Any, at: Any, db: None) -> None:
    at(datetime(2026, 1, 5, tzinfo=UTC))
    owner, system = person(Role.SYSTEM_OWNER), make.system(title="Old name")
    at(datetime(2026, 2, 5, tzinfo=UTC))
    services.change_system(system, by=owner, on=make.TODAY, data={"title": "New name"})
    shown = page(client_of(owner).get(f"/systems/{system.ref}/?as_of=2026-01-10"))
    assert "Old name" in shown and "New name" not in shown and "/move/" not in shown
    listed = page(client_of(owner).get("/systems/?as_of=2026-01-10"))
    assert "Old name" in listed
    for tab in ("roles", "versions", "components"):
        assert client_of(owner).get(f"/systems/{system.ref}/{tab}/?as_of=2026-01-10").status_code == 200
