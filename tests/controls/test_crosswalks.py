"""Other frameworks: their files, the validator, what is shown as reused and missing; nothing is called conforming."""

from datetime import UTC, datetime
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from aims import clock
from aims.errors import NotPermitted
from aims.trail import recording
from controls import services
from controls.crosswalks import FOLDER, Unfit, check_framework, from_library, load_crosswalks, load_framework, read
from controls.models import Counterpart, Framework, OtherRow
from controls.reuse import frameworks, lines_of
from organization.states import Role
from tests.factories import person
from tests.factories.controls import included, scope, statements

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, tzinfo=UTC)


def content(**changes):
    about = {
        "id": "house",
        "title": "House rules",
        "edition": "2026",
        "data_version": "1",
        "words": "Ours.",
        "source": "Us.",
    }
    rows = [
        {"id": "H", "title": "House", "heading": True},
        {
            "id": "H.1", "title": "Tell people", "parent": "H",
            "maps": [
                {"to": "A.8.2", "relationship": "supports", "rationale": "The same words serve."},
                {"to": "7.4"},
            ],
        },
        {"id": "H.2", "title": "Paint the door", "parent": "H"},
    ]  # fmt: skip
    return yaml.safe_dump({"framework": about, "rows": rows, **changes}).encode()


def wrong(**changes):
    with pytest.raises(Unfit) as refused:
        check_framework(content(**changes))
    return refused.value.errors


def test_the_frameworks_of_the_product_are_loaded():
    found = {one.key: (one.asked, one.matched) for one in frameworks()}
    assert found == {
        "nist-ai-rmf": (72, 72),
        "eu-ai-act": (33, 33),
        "iso-27001": (75, 75),
        "iso-9001": (44, 44),
    }
    assert load_crosswalks() == []
    for path in FOLDER.glob("*.yaml"):
        assert "nothing is wrong" in check_framework(path.read_bytes())


def test_an_unknown_relationship_is_related_and_never_more():
    assert set(
        Counterpart.objects.filter(row__framework__key="nist-ai-rmf").values_list("relationship", flat=True)
    ) == {"related"}
    assert not Counterpart.objects.exclude(relationship="related").filter(rationale="").exists()


def test_a_file_is_taken_and_taken_anew():
    made = load_framework(content())
    assert [row.number for row in made.rows.all()] == ["H", "H.1", "H.2"]
    kept = {(one.number, one.relationship, one.rationale) for one in Counterpart.objects.filter(row__framework=made)}
    assert kept == {("A.8.2", "supports", "The same words serve."), ("7.4", "related", "")}
    again = load_framework(content(rows=[{"id": "H.1", "title": "Tell them"}]))
    assert (again.pk, [str(row) for row in again.rows.all()]) == (made.pk, ["H.1 Tell them"])
    assert not Counterpart.objects.filter(row__framework=made).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"more": 1}, "`more` is not known."),
        ({"rows": []}, "The file is a mapping of `framework` and `rows`."),
        ({"framework": {"id": "x"}}, "framework: `title` is a text and must be given."),
        (
            {"framework": {"id": "x", "ours": ["all"]}},
            "framework: `ours` is a list of: titles, counterparts, relationships, reasons.",
        ),
        ({"framework": {"id": "iso-42001"}}, "framework: the catalogue itself comes with the product."),
        ({"rows": ["H"]}, "row 1: a mapping with `id`, a text."),
        ({"rows": [{"id": "H", "text": "x"}]}, "row 1: `text` is not known."),
        ({"rows": [{"id": "H"}, {"id": "H"}]}, "row 2: H is there already."),
        ({"rows": [{"id": "H" * 61}]}, "row 1: `id`: at most 60 letters."),
        (
            {"rows": [{"id": "H", "title": "x" * 201}]},
            "row 1: `title`: a text of at most 200 letters, in your own words.",
        ),
        ({"rows": [{"id": "H", "heading": "yes"}]}, "row 1: `heading`: true or false."),
        ({"rows": [{"id": "H", "parent": "G"}]}, "row 1: there is no row G."),
        ({"rows": [{"id": "H", "maps": "A.2.2"}]}, "row 1: `maps`: a list."),
        (
            {"rows": [{"id": "H", "maps": ["A.2.2"]}]},
            "row 1: `maps`: mappings of `to`, `relationship` and `rationale`.",
        ),
        ({"rows": [{"id": "H", "maps": [{"to": "A.99"}]}]}, "row 1: there is no clause or control A.99."),
        ({"rows": [{"id": "H", "maps": [{"to": "4"}]}]}, "row 1: there is no clause or control 4."),
        ({"rows": [{"id": "H", "maps": [{"to": "4.1"}, {"to": "4.1"}]}]}, "row 1: 4.1 is named twice."),
        (
            {"rows": [{"id": "H", "maps": [{"to": "4.1", "relationship": "equal"}]}]},
            "row 1: 4.1: the relationship is supports, partial or related.",
        ),
        (
            {"rows": [{"id": "H", "maps": [{"to": "4.1", "relationship": "supports"}]}]},
            "row 1: 4.1: what is more than related says why.",
        ),
        ({"rows": [{"id": f"H.{n}"} for n in range(5001)]}, "rows: at most 5000."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(changes, said):
    assert said in wrong(**changes)


def test_the_product_says_what_is_its_own():
    found = dict(frameworks().values_list("key", "ours"))
    assert found["nist-ai-rmf"] == ["titles", "relationships"]
    assert all("titles" in ours for ours in found.values())


class TestReviews:
    """A person looked at what a row says now; nothing else makes it reviewed, and a changed row loses it."""

    def reviewed(self, by, *numbers, **more):
        given = {"note": "Read beside the book.", "at": clock.now(), **more}
        return services.review_rows(Framework.objects.get(key="house"), numbers, by=by, **given)

    def rows(self):
        return {row.number: row.reviewed for row in OtherRow.objects.filter(framework__key="house", heading=False)}

    def test_rows_are_reviewed_and_the_trail_says_by_whom(self):
        load_framework(content())
        manager = person(Role.AIMS_MANAGER)
        assert self.reviewed(manager, "H.1") == 1
        assert self.rows() == {"H.1": True, "H.2": False}
        row = OtherRow.objects.get(number="H.1")
        assert (row.reviewed_by, row.review_note) == (manager, "Read beside the book.")
        event = row.events.order_by("-pgh_id").first()
        assert (event.pgh_context["actor"], event.pgh_context["service"]) == (manager.pk, "review_rows")
        assert [one.number for one in OtherRow.objects.filter(framework__key="house").unreviewed()] == ["H.2"]

    def test_a_review_is_withdrawn_with_the_reason(self):
        load_framework(content())
        auditor = person(Role.INTERNAL_AUDITOR)
        self.reviewed(auditor, "H.1")
        assert self.reviewed(auditor, "H.1", "H.2", note="The book changed.", stands=False) == 1
        assert self.rows() == {"H.1": False, "H.2": False}

    def test_a_file_that_changes_a_row_takes_its_review_away(self):
        load_framework(content())
        self.reviewed(person(Role.AIMS_MANAGER), "H.1", "H.2")
        rows = yaml.safe_load(content())["rows"]
        rows[1]["maps"] = [{"to": "7.4"}]
        load_framework(content(rows=rows))
        assert self.rows() == {"H.1": False, "H.2": True}

    @pytest.mark.parametrize(
        ("numbers", "note", "field"),
        [(["H.1"], " ", "note"), ([], "x", "rows"), (["H.9"], "x", "rows"), (["H"], "x", "rows")],
    )
    def test_it_says_which_rows_and_compared_with_what(self, numbers, note, field):
        load_framework(content())
        with pytest.raises(ValidationError) as refused:
            self.reviewed(person(Role.AIMS_MANAGER), *numbers, note=note)
        assert set(refused.value.message_dict) == {field}

    def test_a_reader_reviews_nothing(self):
        load_framework(content())
        with pytest.raises(NotPermitted):
            self.reviewed(person(Role.READER), "H.1")

    @pytest.mark.parametrize(
        "values", [{"review_note": "x"}, {"reviewed_at": AT}, {"reviewed_by": None, "review_note": ""}]
    )
    def test_the_database_keeps_a_review_whole(self, values):
        load_framework(content())
        self.reviewed(person(Role.AIMS_MANAGER), "H.1")
        row = "H.2" if "reviewed_by" not in values else "H.1"
        with (
            pytest.raises(IntegrityError, match="other_row_review_whole"),
            transaction.atomic(),
            recording(None, "test"),
        ):
            OtherRow.objects.filter(framework__key="house", number=row).update(**values)

    def test_the_database_knows_what_can_be_ours(self):
        with pytest.raises(IntegrityError, match="framework_ours_known"), transaction.atomic(), recording(None, "test"):
            Framework.objects.filter(key="nist-ai-rmf").update(ours=["all"])

    def test_on_the_page(self, client_of):
        load_framework(content())
        browser = client_of(person(Role.AIMS_MANAGER, name="Lena Manager"))
        page = browser.get("/frameworks/house/").content.decode()
        assert page.count("Unreviewed") == 2
        assert "Ours, unreviewed" in browser.get("/frameworks/nist-ai-rmf/").content.decode()
        refused = browser.post("/frameworks/house/review/", {"rows": ["H.1"], "note": ""})
        assert refused.status_code == 400
        assert "Say what you compared with" in refused.content.decode()
        assert 'value="H.1" checked' in refused.content.decode()
        done = browser.post("/frameworks/house/review/", {"rows": ["H.1"], "note": "The book."}, follow=True)
        assert "1 row is reviewed." in done.content.decode()
        assert "Lena Manager" in done.content.decode()
        left = browser.get("/frameworks/house/?unreviewed=1").content.decode()
        assert "H.2" in left
        assert "Tell people" not in left
        gone = browser.post(
            "/frameworks/house/review/", {"rows": ["H.1"], "note": "Wrong.", "act": "withdraw"}, follow=True
        )
        assert "1 review was withdrawn." in gone.content.decode()

    def test_a_reader_sees_no_boxes(self, client_of):
        load_framework(content())
        browser = client_of(person(Role.READER))
        assert 'name="rows"' not in browser.get("/frameworks/house/").content.decode()
        assert browser.post("/frameworks/house/review/", {"rows": ["H.1"], "note": "x"}).status_code == 403

    def test_over_the_api(self, api_of):
        load_framework(content())
        manager = person(Role.AIMS_MANAGER)
        api, url = api_of(manager), "/api/v1/frameworks/house/review/"
        told = api.post(url, {"rows": ["H.1"], "note": "The book."}).json()
        assert (told["reviewed"], told["rows"][1]["reviewed_by"]) == (1, manager.email)
        assert told["rows"][2]["reviewed_by"] is None
        assert api.post(url, {"rows": [], "note": "x"}).status_code == 400
        assert api.post("/api/v1/frameworks/none/review/", {"rows": ["H.1"], "note": "x"}).status_code == 404
        assert api_of(person(Role.READER)).post(url, {"rows": ["H.1"], "note": "x"}).status_code == 403


def test_a_faulty_file_changes_nothing():
    load_framework(content())
    with pytest.raises(Unfit):
        load_framework(content(rows=[{"id": "H.9", "maps": [{"to": "A.99"}]}]))
    assert OtherRow.objects.filter(framework__key="house").count() == 3


@pytest.mark.parametrize("text", [b"a: [", b"\xff\xfe\xff", b"- 1\n"])
def test_what_is_no_yaml_of_ours_is_refused(text):
    with pytest.raises(Unfit):
        read(text)


LIBRARY = {
    "urn": "urn:example:risk:library:house",
    "ref_id": "HOUSE",
    "name": "House rules",
    "version": 3,
    "copyright": "Example",
    "objects": {
        "framework": {
            "urn": "urn:example:risk:framework:house",
            "ref_id": "HOUSE-2026",
            "name": "House rules 2026",
            "requirement_nodes": [
                {"urn": "urn:example:req:h", "ref_id": "H", "name": "House", "assessable": False, "depth": 1},
                {
                    "urn": "urn:example:req:h.1", "parent_urn": "urn:example:req:h", "ref_id": "H.1", "assessable": True,
                    "name": "Tell people", "description": "Somebody's protected words.",
                },
                {"urn": "urn:example:req:node3", "parent_urn": "urn:example:req:h", "assessable": True},
            ],
        }
    },
}  # fmt: skip


def test_a_library_of_ciso_assistant_gives_numbers_names_and_structure():
    made = load_framework(yaml.safe_dump(LIBRARY).encode())
    assert (made.key, made.title, made.data_version, made.words) == ("house-2026", "House rules 2026", "3", "Example")
    assert [(row.number, row.title, row.parent, row.heading) for row in made.rows.all()] == [
        ("H", "House", "", True),
        ("H.1", "Tell people", "H", False),
        ("node3", "", "H", False),
    ]
    assert "protected words" not in str(list(OtherRow.objects.filter(framework=made).values()))


def test_a_library_without_a_framework_is_refused():
    with pytest.raises(Unfit, match="requirement_nodes"):
        from_library({"objects": {"threats": []}})


class TestCommand:
    def test_checks_and_loads(self, tmp_path):
        path, said = tmp_path / "house.yaml", StringIO()
        path.write_bytes(content())
        call_command("load_framework", str(path), "--check", stdout=said)
        assert "3 rows, 2 counterparts" in said.getvalue()
        assert not Framework.objects.filter(key="house").exists()
        call_command("load_framework", str(path), stdout=said)
        assert Framework.objects.filter(key="house").exists()

    def test_tells_what_is_wrong(self, tmp_path):
        path = tmp_path / "house.yaml"
        path.write_bytes(content(rows=[{"id": "H", "maps": [{"to": "A.99"}]}]))
        with pytest.raises(CommandError, match="there is no clause or control A.99"):
            call_command("load_framework", str(path))
        with pytest.raises(CommandError, match="No such file"):
            call_command("load_framework", str(Path(tmp_path) / "none.yaml"))


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("counterpart_one_target", {"clause": None}),
        ("counterpart_relationship_known", {"relationship": "equal", "rationale": "The same."}),
        ("counterpart_reasoned", {"relationship": "supports"}),
    ],
)
def test_the_database_keeps_the_rule(rule, values):
    load_framework(content())
    with pytest.raises(IntegrityError, match=rule), transaction.atomic(), recording(None, "test"):
        Counterpart.objects.filter(row__framework__key="house", number="7.4").update(**values)


def test_the_database_keeps_numbers_apart():
    made = load_framework(content())
    row = made.rows.get(number="H.1")
    with pytest.raises(IntegrityError, match="other_row_number"), transaction.atomic(), recording(None, "test"):
        OtherRow.objects.create(framework=made, number="H.1", position=9)
    one = row.counterparts.first()
    with pytest.raises(IntegrityError, match="counterpart_once"), transaction.atomic(), recording(None, "test"):
        Counterpart.objects.create(row=row, number=one.number, control=one.control, clause=one.clause)


class TestPages:
    def test_shows_what_is_reused_and_what_is_missing(self, client_of):
        manager = person(Role.AIMS_MANAGER)
        load_framework(content())
        statements()
        browser = client_of(manager)
        assert "House rules" in browser.get("/frameworks/").content.decode()
        empty = browser.get("/frameworks/house/")
        assert (empty.context["answered"], empty.context["total"], empty.context["missing"]) == (0, 2, 1)
        included("A.8.2", status="partial")
        shown = browser.get("/frameworks/house/")
        assert (shown.context["answered"], shown.context["missing"]) == (1, 1)
        page = unescape(shown.content.decode())
        assert "Nothing corresponds: keep a record of its own." in page
        assert "The same words serve." in page
        assert 'href="/controls/A.8.2/"' in page
        assert "It says nothing about conforming" in page

    def test_a_reason_that_a_row_gives_for_all_is_said_once(self, client_of):
        why = "The same words serve."
        both = [{"to": to, "relationship": "supports", "rationale": why} for to in ("A.8.2", "7.4")]
        load_framework(content(rows=[{"id": "H.1", "title": "Tell people", "maps": both}]))
        browser = client_of(person(Role.AIMS_MANAGER))
        assert browser.get("/frameworks/house/").content.decode().count(why) == 1

    def test_another_is_not_found(self, client_of):
        browser = client_of(person(Role.READER))
        assert browser.get("/frameworks/none/").status_code == 404
        assert browser.get("/frameworks/iso-42001/").status_code == 404
        assert browser.get("/frameworks/nist-ai-rmf/?as_of=2001-01-01").status_code == 404
        assert browser.get("/frameworks/nist-ai-rmf/", {"as_of": clock.now().isoformat()}).status_code == 200

    def test_who_sees_nothing_is_shown_nothing(self):
        load_framework(content())
        included("A.8.2", status="implemented")
        assert not any(line.answered for line in lines_of(Framework.objects.get(key="house"), person("")))

    def test_it_asks_as_much_for_many_rows(self, client_of, django_assert_max_num_queries):
        scope()
        browser = client_of(person(Role.AIMS_MANAGER))
        browser.get("/frameworks/")
        with django_assert_max_num_queries(14):
            browser.get("/frameworks/iso-27001/")

    def test_over_the_api(self, api_of):
        load_framework(content())
        included("A.8.2", status="partial")
        api = api_of(person(Role.READER))
        assert {one["key"] for one in api.get("/api/v1/frameworks/").json()["results"]} >= {"house", "eu-ai-act"}
        told = api.get("/api/v1/frameworks/house/").json()
        assert [(row["number"], row["answered"]) for row in told["rows"]] == [
            ("H", False),
            ("H.1", True),
            ("H.2", False),
        ]
        assert told["rows"][1]["counterparts"][0] == {
            "to": "A.8.2", "relationship": "supports", "rationale": "The same words serve.", "state": "partial",
            "records": 0,
        }  # fmt: skip
        assert api.get("/api/v1/frameworks/none/").status_code == 404
