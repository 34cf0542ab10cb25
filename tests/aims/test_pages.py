"""The generic pages: register, record, forms with the three-way view, jump box, pickers, saved views, errors."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from aims.models import SavedView
from aims.registry import NavItem, registry
from organization.models import UnitGrant
from tests.factories import person, unit
from tests.factories.sample import sample, slice_of
from tests.sample.models import Sample

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sample.urls")]


@pytest.fixture
def owner():
    return person("system_owner", unit(), name="Olga Owner")


@pytest.fixture
def browser(owner, client_of):
    return client_of(owner)


@pytest.fixture
def row(owner):
    return sample(unit=owner.unit, owner=owner, title="Fraud detection", purpose="Find fraud.")


def text(response):
    return unescape(response.content.decode())


def form_of(row, **changes):
    """What a browser would send from the form of the row."""
    values = {
        "title": row.title,
        "purpose": row.purpose,
        "amount": row.amount if row.amount is not None else "",
        "due_on": row.due_on or "",
        "unit": row.unit_id,
        "owner": row.owner_id,
        "colours": ",".join(row.colours),
        "version": row.version,
    }
    return {**values, **changes}


class TestRegister:
    def test_shows_the_rows_one_may_see(self, browser, row):
        foreign = sample(unit=unit(), title="Foreign secret")
        answer = browser.get("/samples/")
        assert answer.status_code == 200
        assert row.title in text(answer)
        assert foreign.title not in text(answer)

    def test_asks_to_sign_in(self, client):
        answer = client.get("/samples/")
        assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/samples/")

    def test_filters_and_searches(self, browser, row):
        sample(unit=row.unit, title="Pricing", state="used")
        assert "Pricing" not in text(browser.get("/samples/?q=fraud"))
        assert "Fraud detection" not in text(browser.get("/samples/?state=used"))
        assert "Nothing matches" in text(browser.get("/samples/?q=nothingofthiskind"))

    def test_unknown_filter_value_is_refused(self, browser):
        assert browser.get("/samples/?state=x").status_code == 400

    @pytest.mark.parametrize(
        "query", ["after=%00", "after=x", "sort=owner__password", "columns=nonsense", "q=%00", "q=%F0%9F%98%80"]
    )
    def test_strange_addresses_never_break(self, browser, row, query):
        assert browser.get(f"/samples/?{query}").status_code in (200, 400)

    def test_pages_by_links(self, browser, owner):
        for number in range(60):
            sample(unit=owner.unit, title=f"t{number:02}")
        first = browser.get("/samples/?sort=title").context["register"]
        assert (len(first.rows), first.total, first.previous_url) == (50, 60, "")
        second = browser.get(first.next_url).context["register"]
        assert [row.cells[1] for row in second.rows] == [f"t{n}" for n in range(50, 60)]
        assert len(browser.get(second.previous_url).context["register"].rows) == 50

    def test_sort_links_toggle(self, browser, row):
        head = {cell.key: cell for cell in browser.get("/samples/?sort=title").context["register"].head}
        assert (head["title"].sorted, head["title"].sort_url) == ("ascending", "/samples/?sort=-title")
        assert head["amount"].sort_url == "/samples/?sort=amount"

    def test_facets_count_what_is_visible(self, browser, row):
        sample(unit=unit())
        (facet,) = (f for f in browser.get("/samples/").context["register"].facets if f.key == "state")
        assert {option.value: option.count for option in facet.options} == {"draft": 1, "used": 0, "gone": 0}

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_export_holds_the_same_rows(self, browser, row, form):
        sample(unit=unit(), title="Foreign secret")
        answer = browser.get(f"/samples/?format={form}&columns=ref,title")
        assert answer["Content-Disposition"] == f'attachment; filename="samples.{form}"'
        if form == "csv":
            body = b"".join(answer.streaming_content).decode()
            assert row.ref in body and "Foreign secret" not in body

    def test_as_many_queries_for_three_as_for_one(self, browser, owner, row, queries):
        browser.get("/samples/")
        one = queries(lambda: browser.get("/samples/"))
        for _more in range(2):
            sample(unit=owner.unit, owner=person(where=owner.unit), twin=row)
        assert queries(lambda: browser.get("/samples/")) == one <= 20

    def test_saved_view_is_kept_opened_and_removed(self, browser, owner):
        kept = browser.post("/views/sample/", {"name": "Mine", "query": "?state=draft"})
        assert kept["Location"] == "/samples/?state=draft"
        assert [v.label for v in browser.get("/samples/?state=draft").context["register"].views if v.current] == [
            "Mine"
        ]
        browser.post("/views/sample/", {"name": "Mine", "query": "", "remove": "1"})
        assert not SavedView.objects.exists()

    def test_saved_views_are_ones_own(self, browser, owner, client_of):
        browser.post("/views/sample/", {"name": "Mine", "query": ""})
        other = client_of(person("reader", owner.unit))
        assert list(other.get("/samples/").context["register"].views) == []

    def test_saved_view_needs_a_name_and_a_kind(self, browser):
        assert browser.post("/views/sample/", {"name": " "}).status_code == 400
        assert browser.post("/views/nonsense/", {"name": "x"}).status_code == 404

    @pytest.mark.parametrize("query", ["//evil.example", "\\\\evil.example", "@evil.example", "%0d%0aSet-Cookie:x"])
    def test_saved_view_never_leads_away(self, browser, query):
        assert browser.post("/views/sample/", {"name": "x", "query": query})["Location"].startswith("/samples/")


class TestRecord:
    def test_shows_the_record(self, browser, row):
        answer = browser.get(row.get_absolute_url())
        assert answer.status_code == 200
        assert row.ref in text(answer) and row.title in text(answer)

    def test_foreign_and_missing_are_the_same_page(self, browser):
        foreign = sample(unit=unit(), title="Foreign secret")
        answers = [browser.get(foreign.get_absolute_url()), browser.get("/samples/SMP-99999999/")]
        assert [one.status_code for one in answers] == [404, 404]
        assert "Foreign secret" not in text(answers[0])
        assert len(answers[0].content) == len(answers[1].content)

    def test_history_tab_tells_sentences(self, browser, row):
        browser.post(f"{row.get_absolute_url()}change/", form_of(row, purpose="Find more fraud."))
        shown = text(browser.get(f"{row.get_absolute_url()}history/"))
        assert "Olga Owner" in shown
        assert "changed Purpose from" in shown

    @pytest.mark.parametrize("page", ["1", "2", "0", "-1", "x", "999"])
    def test_history_pages(self, browser, row, page):
        assert browser.get(f"{row.get_absolute_url()}history/?page={page}").status_code == 200

    def test_history_pages_link_to_each_other(self, browser, row):
        for number in range(55):
            Sample.objects.filter(pk=row.pk).update(purpose=str(number))
        context = browser.get(f"{row.get_absolute_url()}history/").context
        assert (len(context["entries"]), context["older"], context["newer"]) == (50, "?page=2", "")
        assert browser.get(f"{row.get_absolute_url()}history/?page=2").context["newer"] == "?page=1"

    def test_unknown_tab_does_not_exist(self, browser, row):
        assert browser.get(f"{row.get_absolute_url()}nonsense/").status_code == 404

    def test_as_many_queries_with_three_parts_as_with_one(self, browser, row, queries):
        slice_of(row)
        browser.get(row.get_absolute_url())
        one = queries(lambda: browser.get(row.get_absolute_url()))
        slice_of(row), slice_of(row)
        assert queries(lambda: browser.get(row.get_absolute_url())) == one <= 20


class TestForms:
    def test_create_page_takes_values_from_the_address(self, browser):
        assert browser.get("/samples/create/?title=Given").context["form"].initial["title"] == "Given"

    def test_create_makes_the_record(self, browser, owner):
        answer = browser.post("/samples/create/", {"title": "New", "unit": owner.unit_id, "owner": owner.pk})
        made = Sample.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())

    def test_rule_of_the_model_is_shown_in_the_form(self, browser, owner):
        answer = browser.post(
            "/samples/create/", {"title": "N", "unit": owner.unit_id, "owner": owner.pk, "amount": "-1"}
        )
        assert answer.status_code == 400
        assert "not negative" in text(answer)

    def test_missing_fields_are_summed_up(self, browser):
        answer = browser.post("/samples/create/", {"title": ""})
        assert answer.status_code == 400
        assert set(answer.context["form"].errors) == {"title", "unit", "owner"}

    def test_change_saves_and_says_so(self, browser, row):
        answer = browser.post(f"{row.get_absolute_url()}change/", form_of(row, due_on="2026-12-24"), follow=True)
        assert "Saved." in text(answer)
        row.refresh_from_db()
        assert (row.due_on, row.version) == (date(2026, 12, 24), 2)

    def test_reader_may_not_open_the_form(self, client_of, row):
        reader = client_of(person("reader", row.unit))
        assert reader.get(f"{row.get_absolute_url()}change/").status_code == 403
        assert reader.post(f"{row.get_absolute_url()}change/", form_of(row, title="X")).status_code == 403

    def test_wrong_state_is_told(self, browser, row):
        acted = browser.post(f"{row.get_absolute_url()}use/", {"reason": "now", "version": 1})
        assert acted.status_code == 302
        again = browser.post(f"{row.get_absolute_url()}use/", {"reason": "now"})
        assert again.status_code == 409
        assert "In use" in text(again)

    def test_text_that_breaks_things_is_kept_as_typed(self, browser, row):
        for odd in ("😀 émoji", "مرحبا بالعالم", "<script>alert(1)</script>", "{{ 7|add:7 }}", "a\u202eb"):
            row.refresh_from_db()
            browser.post(f"{row.get_absolute_url()}change/", form_of(row, purpose=odd))
            row.refresh_from_db()
            assert row.purpose == odd
            assert "<script>alert" not in browser.get(f"{row.get_absolute_url()}history/").content.decode()

    def test_null_bytes_and_endless_names_are_refused(self, browser, row):
        for bad in ("a\x00b", "x" * 201):
            assert browser.post(f"{row.get_absolute_url()}change/", form_of(row, title=bad)).status_code == 400


class TestSomebodySavedInBetween:
    @pytest.fixture
    def answer(self, browser, row):
        """I opened version 1; somebody changed name and purpose; I typed another purpose and a date."""
        opened = form_of(row)
        Sample.objects.filter(pk=row.pk).update(title="Their name", purpose="Their purpose")
        return browser.post(
            f"{row.get_absolute_url()}change/", {**opened, "purpose": "My purpose", "due_on": "2026-01-02"}
        )

    def test_nothing_is_saved(self, answer, row):
        row.refresh_from_db()
        assert answer.status_code == 412
        assert (row.purpose, row.version) == ("Their purpose", 2)

    def test_each_field_shows_opened_theirs_and_mine(self, answer):
        found = {one.name: (one.opened, one.theirs, one.yours, one.clash) for one in answer.context["conflicts"]}
        assert found == {
            "title": ("Fraud detection", "Their name", "Fraud detection", False),
            "purpose": ("Find fraud.", "Their purpose", "My purpose", True),
            "due_on": ("", "", "2 January 2026", False),
        }

    def test_what_i_typed_is_in_the_page(self, answer):
        assert "My purpose" in text(answer)

    def test_saving_again_with_the_new_version_goes_through(self, answer, browser, row):
        row.refresh_from_db()
        done = browser.post(
            f"{row.get_absolute_url()}change/", form_of(row, purpose="Both", version=answer.context["version"])
        )
        assert done.status_code == 302
        row.refresh_from_db()
        assert (row.title, row.purpose) == ("Their name", "Both")

    def test_links_are_compared_by_name(self, browser, row, owner):
        opened, other = form_of(row), person(where=row.unit, name="Other Owner")
        Sample.objects.filter(pk=row.pk).update(purpose="Their purpose")
        answer = browser.post(f"{row.get_absolute_url()}change/", {**opened, "owner": other.pk})
        (conflict,) = (one for one in answer.context["conflicts"] if one.name == "owner")
        assert (conflict.opened, conflict.yours) == ("Olga Owner", "Other Owner")

    def test_without_a_trail_the_current_row_counts_as_opened(self, browser, row):
        answer = browser.post(f"{row.get_absolute_url()}change/", form_of(row, purpose="Mine", version=0))
        assert answer.status_code == 412


class TestFinding:
    def test_jump_finds_by_reference_and_words(self, browser, row):
        sample(unit=unit(), title="Fraud foreign")
        for query in (row.ref, row.ref.lower(), "detection fra"):
            assert [link.url for link in browser.get("/jump/", {"q": query}).context["links"]] == [
                row.get_absolute_url()
            ]

    def test_jump_of_nothing_is_empty(self, browser):
        assert browser.get("/jump/").context["links"] == []

    def test_go_leads_to_the_page_of_the_reference(self, browser, row):
        assert browser.get(reverse("go", args=[row.ref.lower()]))["Location"] == row.get_absolute_url()
        assert browser.get(reverse("go", args=[sample(unit=unit()).ref])).status_code == 404

    def test_picker_offers_what_is_visible(self, browser, row):
        sample(unit=unit(), title="Fraud foreign")
        options = browser.get("/pick/sample/?q=fraud").json()["options"]
        assert [one["value"] for one in options] == [row.ref]

    def test_picker_of_people(self, browser, owner):
        person(name="Olga Gone", is_active=False)
        assert [one["value"] for one in browser.get("/pick/people/?q=olga").json()["options"]] == [owner.email]

    def test_unknown_picker_does_not_exist(self, browser):
        assert browser.get("/pick/nonsense/").status_code == 404


class TestAnswers:
    def test_every_answer_has_a_request_id_and_is_not_kept(self, browser, row):
        answer = browser.get("/samples/")
        assert len(answer["X-Request-Id"]) == 32
        assert answer["Cache-Control"] == "no-store"

    def test_policy_forbids_inline_scripts(self, browser):
        policy = browser.get("/")["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy

    def test_unknown_address_by_page_and_api(self, browser):
        assert browser.get("/nonsense/").status_code == 404
        answer = browser.get("/api/v1/nonsense/")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

    def test_health(self, client):
        assert client.get("/health/live").status_code == 200

    def test_person_sees_their_language_and_zone(self, owner, client_of, row):
        german = client_of(person("reader", row.unit, language="de", time_zone="Asia/Tokyo"))
        assert 'lang="de"' in text(german.get("/"))

    def test_pages_of_the_deactivated_are_closed_at_once(self, owner, browser, row):
        assert browser.get("/samples/").status_code == 200
        type(owner).objects.filter(pk=owner.pk).update(is_active=False)
        assert browser.get("/samples/").status_code == 302

    def test_role_taken_away_hides_at_once(self, owner, browser, row):
        UnitGrant.objects.filter(user=owner).delete()
        assert browser.get(row.get_absolute_url()).status_code == 404


class TestNavigation:
    def test_one_entry_is_the_current_one(self, browser, row, monkeypatch):
        """Of an entry and one below it, only the nearer is marked."""
        entries = [NavItem("Samples", "Samples", "/samples/", "box"), NavItem("Samples", "Red", "/samples/red/", "box")]
        monkeypatch.setattr(registry, "navigation", entries)
        shell = browser.get("/samples/").context["shell"]
        shell.request.path = "/samples/red/one/"
        items = shell.navigation()[0]["items"]
        assert [(item["url"], item["current"]) for item in items] == [("/samples/", False), ("/samples/red/", True)]
