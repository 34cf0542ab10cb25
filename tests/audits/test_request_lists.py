"""The auditor's request list as a file: in by page and API, whole or not at all; out as CSV and workbook (9.2)."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from aims.errors import NotPermitted, WrongState
from aims.models import Record
from aims.trail import recording
from audits import services
from audits.models import AuditRequest
from inventory.models import AISystem
from organization.states import Role
from tests.factories import audits as make
from tests.factories import person, unit

pytestmark = pytest.mark.django_db
API, ROOM = 8, 20  # queries
ASKED = "number,wanted,clause,about,due_on,asked_by\n"
HEAD = "number,wanted,clause,about,due_on\n"


def uploaded(text, name="list.csv"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def workbook(*rows):
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def take(row, who, text, name="list.csv"):
    return services.import_requests(row, by=who, file=uploaded(text, name), name=name, on=make.today())


def test_a_list_is_taken_over_whole():
    row, system = make.engagement(), make.system()
    who = make.member(row)
    made = take(row, who, f"\ufeff{HEAD}1,Policy,5.2,,2026-12-01\n,,,,\n2,System,8.1,{system.ref.lower()},\n")
    assert [(one.number, one.clause, one.about_id, one.due_on) for one in made] == [
        ("1", "5.2", None, date(2026, 12, 1)), ("2", "8.1", system.pk, None),
    ]  # fmt: skip
    assert {one.asked_by for one in made} == {who}


def test_a_workbook_comes_in_as_spreadsheets_write_it():
    row = make.engagement()
    head = ["Number", "What is asked for", "Until"]
    (made,) = take(row, make.member(row), workbook(head, [7, "Risk criteria", date(2026, 12, 1)]), "list.xlsx")
    assert (made.number, made.wanted, made.due_on) == ("7", "Risk criteria", date(2026, 12, 1))


def test_a_list_of_semicolons_and_days_first_comes_in():
    row = make.engagement()
    (made,) = take(row, make.member(row), "wanted;due_on\nPolicy;31.12.2026\n")
    assert (made.number, made.due_on) == ("R1", date(2026, 12, 31))


def test_rows_without_a_number_get_one_that_is_free():
    row = make.engagement()
    who = make.member(row)
    made = take(row, who, "number,wanted\n,First\nR1,Second\nR5,Third\n,Fourth\n")
    assert [one.number for one in made] == ["R3", "R1", "R5", "R4"]
    last = services.ask(row, by=who, data={"wanted": "Fifth"}, on=make.today())
    assert last.number == "R6"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("colour,wanted\nred,a\n", "Unknown: colour. The first row"),
        ("number,clause\n1,5.2\n", "The first row"),
        ("wanted,wanted\na,b\n", "each once"),
        (HEAD, "between 1"),
        (HEAD + "1,A,,SYS-99999999,\n", "Row 2: there is no record SYS-99999999."),
        (HEAD + "1,A,,,\n1,B,,,\n", "Row 3: the number 1 is taken."),
        (HEAD + "1,A,,,2026-99-99\n", "“2026-99-99” is no clear date"),
        (HEAD + "1,A,,,03/04/2026\n", "no clear date"),
        (HEAD + "1,,,,\n", "does not say"),
        (HEAD + f"{'9' * 21},A,,,\n", "number has more than 20"),
        (HEAD + f"1,A,{'9' * 25},,\n", "clause has more than 24"),
        (HEAD + f"1,{'A' * 2001},,,\n", "wanted has more than 2000"),
        (b"\x00", "not text"),
    ],
)
def test_a_wrong_list_is_refused_whole(text, words):
    row = make.engagement()
    with pytest.raises(ValidationError) as refused:
        take(row, make.member(row), text)
    assert words in " ".join(refused.value.message_dict["file"])
    assert not AuditRequest.objects.exists()


def test_everything_that_is_wrong_is_named_row_by_row():
    row = make.engagement()
    lines = "".join(f"{number},A,,SYS-9999{number:04},\n" for number in range(1, 26))
    with pytest.raises(ValidationError) as refused:
        take(row, make.member(row), HEAD + "0,,,SYS-99990000,\n" + lines)
    said = refused.value.message_dict["file"]
    assert said[:2] == ["Row 2: it does not say what is asked for.", "Row 2: there is no record SYS-99990000."]
    assert len(said) == 21 and said[-1] == "And 7 more."


def test_a_list_names_nothing_that_is_not_open():
    hidden = make.system(unit())
    row = make.engagement(make.audit(unit(), sort="gap"))
    with pytest.raises(ValidationError, match="no record"):
        take(row, make.member(row), f"{HEAD}1,A,,{hidden.ref},\n")


def test_our_side_enters_the_list_that_was_sent_and_others_do_not():
    row, keeper = make.engagement(), make.manager()
    (made,) = take(row, keeper, HEAD + "1,Policy,,,\n")
    assert made.asked_by == keeper
    with pytest.raises(NotPermitted):
        take(row, person(Role.SYSTEM_OWNER), HEAD + "2,Policy,,,\n")
    services.end_engagement(row, by=keeper, reason="Over", at=make.clock.now(), on=make.today())
    with pytest.raises(WrongState):
        take(row, keeper, HEAD + "2,Policy,,,\n")


def test_a_list_that_our_side_enters_says_who_asks(client_of):
    row, keeper = make.engagement(), make.manager()
    who, other = make.member(row), make.member(row)
    rows = f"1,Policy,,,,{who.email.upper()}\n2,Roles,,,,{other.name}\n3,Risks,,,,\n"
    assert [one.asked_by for one in take(row, keeper, ASKED + rows)] == [who, other, keeper]
    exported = client_of(keeper).get(f"{row.get_absolute_url()}requests.csv").getvalue().decode("utf-8-sig")
    assert [line.split(",")[5] for line in exported.splitlines()] == ["asked_by", who.email, other.email, ""]
    stranger = make.member(make.engagement())
    for name in (stranger.email, keeper.email, "Nobody"):
        with pytest.raises(ValidationError, match=f"Row 2: asked_by: nobody who audits here is called {name}"):
            take(row, keeper, f"{ASKED}9,Policy,,,,{name}\n")
    assert row.requests.count() == 3


def test_auditors_of_one_name_are_told_apart_by_address():
    row = make.engagement()
    one, two = make.member(row, person(name="Ann Alike")), make.member(row, person(name="Ann Alike"))
    with pytest.raises(ValidationError, match="Ann Alike"):
        take(row, make.manager(), f"{ASKED}1,Policy,,,,Ann Alike\n")
    assert [
        made.asked_by for made in take(row, make.manager(), f"{ASKED}1,A,,,,{one.email}\n2,B,,,,{two.email}\n")
    ] == [one, two]


def test_what_is_wrong_stands_beside_the_file(client_of):
    row = make.engagement()
    client, url = client_of(make.member(row)), f"{row.get_absolute_url()}import/"
    assert client.get(url).status_code == 200
    page = client.post(url, {"file": uploaded(HEAD + "8,X,,SYS-99999999,\n9,,,,\n")})
    assert page.status_code == 400
    field = page.content.decode().partition('id="field-file"')[2]
    assert "Row 2: there is no record SYS-99999999." in field and "Row 3: it does not say what is asked for." in field
    assert not row.requests.exists()
    done = client.post(url, {"file": uploaded(HEAD + "7,Risks,8.2,,\n")})
    assert done.status_code == 302 and done["Location"].endswith("/room/")
    ours = client_of(make.manager()).post(url, {"file": uploaded(HEAD + "8,Roles,5.3,,\n")})
    assert ours.status_code == 302 and ours["Location"].endswith("/requests/")
    assert sorted(row.requests.values_list("number", flat=True)) == ["7", "8"]


def answered(row, who):
    """A list of one request with a system offered that changed since."""
    system = make.system()
    (asked,) = take(row, who, f"{HEAD}1,=Policy,5.2,{system.ref},2026-12-01\n")
    services.offer(asked, by=make.manager(), record=Record.objects.get(pk=system.pk), on=make.today())
    with recording(None, "test"):
        AISystem.objects.filter(pk=system.pk).update(purpose="Another.")
    return system.ref


def test_an_exported_list_says_what_was_given_and_comes_in_elsewhere(client_of):
    row, other = make.engagement(), make.engagement()
    who = make.member(row)
    ref = answered(row, who)
    client, url = client_of(who), f"{row.get_absolute_url()}requests"
    text = client.get(f"{url}.csv").getvalue().decode("utf-8-sig")
    assert text.splitlines() == [
        "number,wanted,clause,about,due_on,asked_by,state,offered,changed",
        f"1,'=Policy,5.2,{ref},2026-12-01,{who.email},offered,{ref},{ref}",
    ]  # fmt: skip
    book = client.get(f"{url}.xlsx").content
    cells = list(load_workbook(BytesIO(book)).active.values)
    assert cells[1] == ("1", "=Policy", "5.2", ref, "2026-12-01", who.email, "offered", ref, ref)
    services.admit(other, by=make.manager(), person=who, on=make.today())
    who.forget_access()
    for name, file in (("list.csv", text), ("list.xlsx", book)):
        (made,) = take(other, who, file, name)
        assert (made.number, made.wanted, made.state) == ("1", "=Policy", "asked")
        made.delete()


def test_a_list_names_only_what_its_reader_sees(client_of):
    row = make.engagement()
    who, system = make.member(row), make.system(confidentiality="restricted")
    ref = system.ref
    asked = services.ask(row, by=who, data={"wanted": "It"}, on=make.today())
    services.offer(asked, by=make.manager(), record=Record.objects.get(pk=system.pk), on=make.today())
    contributor = person(Role.CONTRIBUTOR)
    assert AISystem.objects.visible_to(contributor).count() == 0
    for reader, named in ((who, True), (contributor, False)):
        text = client_of(reader).get(f"{row.get_absolute_url()}requests.csv").getvalue().decode()
        assert (ref in text) is named


def test_the_list_goes_in_and_out_by_the_api(api_of):
    row, keeper = make.engagement(), make.manager()
    url, ours = f"/api/v1{row.get_absolute_url()}requests/", api_of(keeper)
    wrong = ours.post(url, {"file": uploaded(HEAD + "1,A,,SYS-99999999,\n2,,,,\n")}, format="multipart")
    assert wrong.status_code == 400
    assert wrong.json()["errors"] == [
        {"pointer": "/file", "detail": "Row 2: there is no record SYS-99999999."},
        {"pointer": "/file", "detail": "Row 3: it does not say what is asked for."},
    ]
    assert ours.post(url, {"list": "x"}, format="multipart").json()["errors"][0]["pointer"] == "/list"
    assert ours.post(url, {}, format="multipart").json()["errors"][0]["pointer"] == "/file"
    made = ours.post(url, {"file": uploaded(HEAD + "1,Policy,5.2,,2026-12-01\n")}, format="multipart")
    assert made.status_code == 201 and [one["number"] for one in made.json()["results"]] == ["1"]
    row.requests.all().delete()
    who = make.member(row)
    ref = answered(row, who)
    for reader in (keeper, who):
        (one,) = api_of(reader).get(url).json()["results"]
        given = one.pop("offered")
        assert (one["number"], one["wanted"], one["about"], one["state"]) == ("1", "=Policy", ref, "offered")
        assert one["asked_by"] == who.email
        assert [(offer["ref"], offer["version"], offer["changed"]) for offer in given] == [(ref, 1, True)]
    # People from outside write on the page alone; who keeps nothing reads nothing.
    assert api_of(who).post(url, {"file": uploaded(HEAD + "2,A,,,\n")}, format="multipart").status_code == 403
    assert api_of(person(Role.READER)).get(url).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_a_list_costs_the_same_whatever_its_length(many, api_of, client_of, queries):
    row = make.engagement()
    who, keeper = make.member(row), make.manager()
    for _number in range(many):
        asked = services.ask(row, by=who, data={"wanted": "It"}, on=make.today())
        services.offer(asked, by=keeper, record=Record.objects.get(pk=make.system().pk), on=make.today())
    api, page = api_of(keeper), client_of(who)
    assert queries(lambda: api.get(f"/api/v1{row.get_absolute_url()}requests/")) == API
    assert queries(lambda: page.get(f"{row.get_absolute_url()}room/")) == ROOM
