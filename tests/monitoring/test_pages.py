"""Pages and API of concerns: raised, read by who raised it, handled; and without a name (control A.3.3)."""

from html import unescape

import pytest
from django.test import Client

from aims.due import run
from aims.models import Task
from monitoring import services
from monitoring.models import Concern
from monitoring.sections import concerns as section
from organization.services import list_on_case
from tests.factories import person, root_unit
from tests.factories.inventory import system
from tests.factories.monitoring import DATA, DAY, NOON, answered, fresh, handler, looked_into, raised, whispered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(at):
    at(NOON)


@pytest.fixture
def by():
    return handler()


def text(response):
    return unescape(response.getvalue().decode())


class TestByName:
    def test_an_employee_raises_one_and_follows_it(self, client_of, by):
        who = person("employee")
        browser = client_of(who)
        assert "treated worse" in text(browser.get("/concerns/new/"))
        answer = browser.post("/concerns/new/", {**DATA, "name_kept": "on"})
        made = Concern.objects.get()
        assert (made.raised_by, made.name_kept, made.title) == (who, True, DATA["told"])
        assert answer.url == f"/concerns/mine/{made.ref}/"
        services.note_on_concern(made, by=by, text="Secret note", at=NOON)
        services.write_to_reporter(made, by=by, text="When was it?", at=NOON)
        page = text(browser.get(answer.url))
        assert "When was it?" in page
        assert "Secret note" not in page
        assert by.name not in page
        assert browser.post(answer.url, {"text": "In May."}).status_code == 302
        assert "In May." in text(browser.get(answer.url))
        assert browser.post(answer.url, {"text": " "}).status_code == 400
        assert made.ref in text(browser.get("/concerns/mine/"))
        answered(made)
        assert "Half of it is so." in text(browser.get(answer.url))
        services.close_concern(fresh(made), by=by, at=NOON)
        assert "<textarea" not in text(browser.get(answer.url))

    def test_missing_words_are_asked_for(self, client_of, by):
        answer = client_of(person("employee")).post("/concerns/new/", {"told": " "})
        assert {"told", "sort"} <= set(answer.context["form"].errors)

    def test_where_nobody_is_left_the_field_says_so(self, client_of, by):
        answer = client_of(person()).post("/concerns/new/", {**DATA, "named": by.email})
        assert "outside" in answer.context["form"].errors["named"][0]

    def test_nobody_reads_anothers(self, client_of, by):
        concern = raised()
        for who in (person(), person("aims_manager"), by):
            assert client_of(who).get(f"/concerns/mine/{concern.ref}/").status_code == 404
        assert client_of(concern.raised_by).get(concern.get_absolute_url()).status_code == 404

    def test_nothing_yet_teaches(self, client_of, by, settings):
        settings.ANONYMOUS_CONCERNS = False
        page = text(client_of(person()).get("/concerns/mine/"))
        assert "good faith" in page
        assert "/concerns/receipt/" not in page

    def test_api_raises_one(self, api_of, by):
        answer = api_of(person()).post("/api/v1/concerns/", DATA)
        assert answer.status_code == 201
        assert answer.json()["answer_by"] == "2026-08-04"
        assert api_of(person(is_program=True)).post("/api/v1/concerns/", DATA).status_code == 403


class TestWithoutAName:
    def test_raised_read_and_answered(self, by):
        browser = Client()
        assert "treated worse" in text(browser.get("/concerns/anonymous/"))
        page = browser.post("/concerns/anonymous/", DATA)
        code = page.context["code"]
        assert code in text(page)
        assert "sessionid" not in str(browser.cookies)
        answered(Concern.objects.get())
        case = text(browser.post("/concerns/receipt/", {"code": code}))
        assert "Half of it is so." in case
        assert by.name not in case
        assert "Sent." in text(browser.post("/concerns/receipt/", {"code": code, "text": "And June?"}))
        assert Concern.objects.waiting().exists()
        assert browser.post("/concerns/receipt/", {"code": code, "text": ""}).status_code == 400
        services.close_concern(fresh(Concern.objects.get()), by=by, at=NOON)
        closed = browser.post("/concerns/receipt/", {"code": code, "text": "More"})
        assert (closed.status_code, "<textarea" in text(closed)) == (409, False)

    def test_who_is_signed_in_is_not_written_down(self, client_of, by):
        client_of(person("employee")).post("/concerns/anonymous/", DATA)
        concern = Concern.objects.get()
        assert concern.raised_by is None
        assert "actor" not in concern.events.get().pgh_context
        assert "request" not in concern.events.get().pgh_context

    def test_wrong_words_and_wrong_codes(self, by):
        browser = Client()
        assert browser.post("/concerns/anonymous/", {"told": ""}).status_code == 400
        assert browser.post("/concerns/anonymous/", {**DATA, "named": by.email}).status_code == 400
        assert browser.get("/concerns/receipt/").status_code == 200
        assert browser.post("/concerns/receipt/", {}).status_code == 400
        assert "No concern has this code" in text(browser.post("/concerns/receipt/", {"code": "ABCDE-23456"}))

    def test_can_be_turned_off(self, by, settings):
        settings.ANONYMOUS_CONCERNS = False
        for path in ("/concerns/anonymous/", "/concerns/receipt/"):
            assert Client().get(path).status_code == Client().post(path, DATA).status_code == 404

    def test_people_from_outside_write_here_no_more_than_elsewhere(self, client_of, by):
        browser = client_of(person("external_auditor"))
        for path in ("/concerns/anonymous/", "/concerns/receipt/", "/concerns/new/"):
            assert browser.post(path, DATA).status_code == 403
        assert not Concern.objects.exists()

    def test_asks_for_the_csrf_token(self, by):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post("/concerns/anonymous/", DATA).status_code == 403

    def test_too_often_from_one_address_is_refused(self, by):
        browser = Client(REMOTE_ADDR="203.0.113.9")  # nobody else counts
        raising = [browser.post("/concerns/anonymous/", DATA).status_code for _one in range(11)]
        assert raising == [*[200] * 10, 429]
        guessing = [browser.post("/concerns/receipt/", {"code": "ABCDE"}).status_code for _one in range(21)]
        assert guessing == [*[400] * 20, 429]

    def test_the_sign_in_page_leads_there(self, client_of):
        assert "/concerns/anonymous/" in text(Client().get("/account/login/"))


class TestHandling:
    def test_the_whole_way_by_pages(self, client_of, by):
        other, friend, thing = handler(), person(), system(owner=by)
        concern = raised(name_kept=True, named="Somebody")
        by = concern.owner
        browser, url = client_of(by), concern.get_absolute_url()
        page = text(browser.get(url))
        assert "keep the name to yourselves" in page
        steps = [
            ("acknowledge", {"text": "Thank you."}),
            ("look", {}),
            ("assign", {"to": other.email, "reason": "Knows more"}),
            ("involve", {"person": friend.email, "reason": "Mentioned"}),
            ("write", {"text": "When?"}),
            ("note", {"text": "Ask the vendor."}),
            ("outcome", {"verdict": "upheld", "reasons": "So it is."}),
            ("close", {}),
            ("reopen", {"reason": "New facts"}),
        ]
        for verb, data in steps:
            assert browser.get(f"{url}{verb}/").status_code == 200
            assert browser.post(f"{url}{verb}/", data).status_code == 302, verb
        assert fresh(concern).state == "looking"
        page = text(browser.get(url))
        assert "Ask the vendor." in page
        assert friend.name in page
        assert "So it is." in text(browser.get(f"{url}history/"))
        assert thing.ref not in page

    def test_links_by_page(self, client_of):
        chief = person("aims_manager")
        concern, thing = raised(), system()
        browser, url = client_of(chief), concern.get_absolute_url()
        assert browser.post(f"{url}link/", {"record": thing.ref}).status_code == 302
        assert thing.title in text(browser.get(url))
        assert browser.post(f"{url}unlink/", {"record": thing.ref, "reason": "Wrong"}).status_code == 302
        assert not concern.links.exists()

    def test_wrong_state_and_wrong_words(self, client_of, by):
        concern = raised()
        browser, url = client_of(by), concern.get_absolute_url()
        assert "not possible while" in text(browser.get(f"{url}outcome/"))
        assert browser.post(f"{url}outcome/", {"verdict": "upheld", "reasons": "x"}).status_code == 409
        assert browser.post(f"{url}acknowledge/", {"text": ""}).status_code == 400
        stale = {"text": "x", "version": concern.version}
        services.note_on_concern(concern, by=by, text="x", at=NOON)
        assert browser.post(f"{url}acknowledge/", stale).status_code == 412

    def test_who_is_named_finds_nothing_anywhere(self, client_of, by):
        named = handler(name="Bo Blunt")
        concern = raised(named="Bo Blunt", told="Zebra crossing in the data")
        browser = client_of(named)
        assert browser.get(concern.get_absolute_url()).status_code == 404
        for path in ("/concerns/", "/", "/jump/?q=zebra", "/activity/", "/inbox/", "/concerns/?format=csv"):
            assert "Zebra" not in text(browser.get(path)), path
        assert browser.get(f"/api/v1/concerns/{concern.ref}/").status_code in (403, 404)

    def test_somebody_brought_in_reads_without_the_kept_name(self, client_of, api_of, by):
        friend, reporter = person(), person(name="Rita Reporter")
        concern = raised(by=reporter, name_kept=True)
        list_on_case(concern, person=friend, by=by, reason="Knows the system")
        for page in (concern.get_absolute_url(), f"{concern.get_absolute_url()}history/"):
            shown = text(client_of(friend).get(page))
            assert "Rita" not in shown
        assert client_of(friend).get(f"{concern.get_absolute_url()}outcome/").status_code == 403
        assert api_of(friend).get(f"/api/v1/concerns/{concern.ref}/").json()["raised_by"] is None
        assert api_of(by).get(f"/api/v1/concerns/{concern.ref}/").json()["raised_by"] == reporter.email

    def test_register_filters(self, client_of, by):
        late, waiting, done = raised(told="Late one"), raised(told="Waiting one"), answered(raised(told="Done one"))
        services.write_to_handlers(waiting, by=waiting.raised_by, text="Hello?", at=NOON)
        browser = client_of(by)
        every = text(browser.get("/concerns/"))
        assert all(one.title in every for one in (late, waiting, done))
        page = text(browser.get("/concerns/?standing=open&standing=waiting"))
        assert ("Waiting one" in page, "Late one" in page) == (True, False)
        assert "Late one" not in text(browser.get("/concerns/?standing=overdue"))
        assert "Done one" in text(browser.get("/concerns/?state=answered"))
        assert "No case for you here" in text(client_of(person("reader")).get("/concerns/"))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_lists_take_the_same_statements(self, client_of, api_of, by, django_assert_max_num_queries, rows):
        reporter = person()
        for number in range(rows):
            concern = raised(by=reporter, named=f"Nobody {number}")
            services.note_on_concern(concern, by=fresh(concern).owner, text="x", at=NOON)
        page, api, own = client_of(by), api_of(by), client_of(reporter)
        with django_assert_max_num_queries(24):
            page.get("/concerns/")
        with django_assert_max_num_queries(16):
            api.get("/api/v1/concerns/")
        with django_assert_max_num_queries(12):
            own.get("/concerns/mine/")

    def test_api_handles(self, api_of, by):
        concern, thing = raised(), system()
        api, url = api_of(by), f"/api/v1/concerns/{concern.ref}/"

        def post(verb, data, status=200):
            answer = api.post(f"{url}{verb}/", data, HTTP_IF_MATCH=f'"{fresh(concern).version}"')
            assert answer.status_code == status, answer.content
            return answer.json()

        post("acknowledge", {"text": "Thank you."})
        post("look", {})
        post("note", {"text": "Ask."})
        post("write", {"text": "When?"})
        post("assign", {"to": handler().email, "reason": "Away"})
        post("involve", {"person": person().email, "reason": "Mentioned"})
        post("link", {"record": thing.ref}, 400)  # not for them to see
        told = post("outcome", {"verdict": "upheld", "reasons": "So it is."})
        assert (told["state"], [one["sort"] for one in told["entries"]]) == (
            "answered", ["to_reporter", "note", "to_reporter"],
        )  # fmt: skip
        post("close", {})
        post("reopen", {"reason": "New facts"})
        post("close", {}, 409)
        assert api.post(f"{url}note/", {"text": "x"}).status_code == 428

    def test_api_links(self, api_of):
        chief = person("aims_manager")
        concern, thing = raised(), system()
        api, url = api_of(chief), f"/api/v1/concerns/{concern.ref}/"
        for verb, data in (("link", {"record": thing.ref}), ("unlink", {"record": thing.ref, "reason": "Wrong"})):
            answer = api.post(f"{url}{verb}/", data, HTTP_IF_MATCH=f'"{fresh(concern).version}"')
            assert answer.status_code == 200
        assert answer.json()["links"] == []


class TestDutiesAndNumbers:
    def test_the_engine_asks_for_both(self, by, at):
        concern = raised()
        run(NOON)
        task = Task.objects.get()
        assert (task.assignee, task.due_on) == (by, concern.acknowledge_by)
        looked_into(concern)
        run(NOON)
        assert list(Task.objects.open()) == []  # the answer is far off yet
        later = NOON.replace(month=7, day=27)
        at(later)
        run(later)
        assert Task.objects.open().get().due_on == concern.answer_by
        services.answer_concern(fresh(concern), by=by, verdict="upheld", reasons="x", at=later)
        run(later)
        assert not Task.objects.open().exists()

    def test_home_counts_what_waits(self, client_of, by):
        assert "concerns-home-title" not in text(client_of(by).get("/"))
        raised()
        assert "concerns-home-title" in text(client_of(by).get("/"))

    def test_auditors_read_numbers_alone(self, client_of, by):
        answered(raised(told="Zebra"))
        page = text(client_of(person("internal_auditor")).get("/concerns/figures/"))
        assert "1 of 1" in page
        assert "Zebra" not in page
        assert client_of(person("employee")).get("/concerns/figures/").status_code == 403
        assert "/concerns/figures/" in text(client_of(by).get("/concerns/"))

    def test_pack_has_numbers_alone(self, by):
        whispered(told="Zebra")

        class Pack:
            asked_by, unit_ids = person("internal_auditor"), [root_unit().pk]

        (chapter,) = section(Pack)
        assert ("Without a name", "1") in chapter["lines"]
        assert "Zebra" not in str(chapter)

    def test_own_page_reads_the_past(self, client_of, by):
        concern = raised()
        url = f"/concerns/mine/{concern.ref}/?as_of={DAY.isoformat()}"
        assert client_of(concern.raised_by).get(url).status_code == 200
