"""The inbox and its pages, the daily letter, the calendar, the page of jobs."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core import mail as outbox
from django.urls import reverse
from icalendar import Calendar

from aims import due, health, jobs, mail, reviews
from aims.models import DueRun, Job, Leave, Letter, Record, Task, Wishes
from aims.states import JobState, TaskState
from aims.trail import recording
from tests.due.conftest import NOON, source
from tests.factories import person, unit
from tests.sample.models import Sample

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sample.urls")]
TODAY = NOON.date()


@pytest.fixture
def browser(owner, client_of):
    return client_of(owner)


def text(response):
    return unescape(response.content.decode())


class TestInbox:
    def test_shows_by_consequence(self, browser, make, owner):
        late, now, coming, blocked = make(-3), make(), make(5), make(-4)  # working days: others fall due on Monday
        up = make(-5)
        Task.objects.filter(pk=blocked.pk).update(state="blocked", why="the vendor")
        Task.objects.filter(pk=up.pk).update(level=2, escalated_to=owner, assignee=person("reader", owner.unit))
        page = text(browser.get("/inbox/"))
        order = [page.index(task.record.title) for task in (up, late, now, coming, blocked)]
        assert order == sorted(order)
        assert "the vendor" in page
        assert page.count('class="off late"') >= 3

    def test_hides_what_is_not_mine_or_not_to_be_seen(self, browser, make, owner):
        other = make(title="Of somebody else")
        Task.objects.update(assignee=person("reader", owner.unit))
        assert other.record.title not in text(browser.get("/inbox/"))
        foreign = make(title="Elsewhere", unit=unit())
        Task.objects.filter(pk=foreign.pk).update(assignee=owner)
        assert "Elsewhere" not in text(browser.get("/inbox/"))

    def test_empty_says_so(self, browser):
        assert "Nothing needs you" in text(browser.get("/inbox/"))

    def test_home_begins_with_it(self, browser, make):
        """The same work in the same order; what is closed is gone, though its date remains on the record."""
        late, soon, closed = make(-3), make(5), make(-9)
        Task.objects.filter(pk=closed.pk).update(state="dropped", done_at=NOON)
        work = browser.get("/").context["work"]
        assert [one.ref for one in work] == [late.record.ref, soon.record.ref]

    def test_put_off_stands_apart_until_its_day(self, browser, make, owner):
        task = make()
        reviews.snooze(task, by=owner, until=TODAY + timedelta(days=4), reason="audit week", on=TODAY)
        assert "audit week" in text(browser.get("/inbox/"))
        assert due.count_of(owner, on=TODAY) == 0

    def test_costs_the_same_for_one_and_for_many(self, browser, make, queries):
        make()
        browser.get("/inbox/")
        one = queries(lambda: browser.get("/inbox/"))
        make()
        make(-1)
        assert queries(lambda: browser.get("/inbox/")) == one <= 20

    def test_nobodys_work_is_the_managers(self, make, owner, client_of):
        make(title="Orphan")
        Task.objects.update(assignee=None)
        manager = person("aims_manager", owner.unit)
        assert "Orphan" in text(client_of(manager).get("/inbox/"))

    def test_committee_sees_what_was_brought_up_to_it(self, make, owner, client_of):
        make(-40, title="Grave")
        member = person("committee_member", owner.unit)
        Task.objects.update(level=3)
        assert "Grave" in text(client_of(member).get("/inbox/"))

    def test_kind_with_a_form_of_its_own_links_there(self, browser, make, sources):
        sources.falls_due(source(rhythmic=False, form="change"))
        task = make()
        assert f'href="/samples/{task.record.ref}/change/"' in text(browser.get("/inbox/"))
        page = browser.get(task.get_absolute_url())
        assert f'href="/samples/{task.record.ref}/change/"' in text(page)


class TestTask:
    def test_is_completed(self, browser, make):
        task = make()
        assert "Is this sample still right?" in text(browser.get(task.get_absolute_url()))
        answer = browser.post(task.get_absolute_url(), {"outcome": "confirmed", "looked_at": "Model card"}, follow=True)
        assert "Due again on" in text(answer)
        assert "Model card" in text(browser.get(task.get_absolute_url()))

    def test_refuses_bad_input(self, browser, make):
        task = make()
        assert browser.post(task.get_absolute_url(), {"outcome": "confirmed", "looked_at": ""}).status_code == 400
        assert browser.post(task.get_absolute_url(), {"outcome": "confirmed", "looked_at": " "}).status_code == 400
        assert Task.objects.get().state == TaskState.OPEN

    def test_who_may_not_sees_no_form(self, make, owner, client_of):
        task = make()
        reader = client_of(person("reader", owner.unit))
        assert "looked_at" not in text(reader.get(task.get_absolute_url()))
        answer = reader.post(task.get_absolute_url(), {"outcome": "confirmed", "looked_at": "all"})
        assert answer.status_code == 403

    def test_of_another_unit_is_not_there(self, make, client_of):
        task = make()
        stranger = client_of(person("aims_manager", unit()))
        for name in ("task", "task_snooze", "task_block", "task_reassign"):
            assert stranger.get(reverse(name, args=[task.pk])).status_code == 404
        assert stranger.post(reverse("task_resume", args=[task.pk])).status_code == 404

    @pytest.mark.parametrize(
        ("name", "good", "bad"),
        [
            ("task_snooze", {"until": "2026-05-06", "reason": "r"}, {"until": "2027-05-06", "reason": "r"}),
            ("task_block", {"reason": "r"}, {"reason": ""}),
            ("task_reassign", {"to": "OWNER", "reason": "r"}, {"to": "nobody", "reason": "r"}),
        ],
    )
    def test_acts(self, browser, make, owner, name, good, bad):
        task = make()
        url = reverse(name, args=[task.pk])
        assert browser.get(url).status_code == 200
        assert browser.post(url, bad).status_code == 400
        good = {key: owner.email if value == "OWNER" else value for key, value in good.items()}
        assert browser.post(url, good).status_code == 302
        assert browser.post(reverse("task_resume", args=[task.pk])).status_code == 302

    def test_extra_review_is_asked_for(self, browser, make):
        record = make().record
        url = reverse("ask_review", args=[record.ref])
        assert browser.get(url).status_code == 200
        assert browser.post(url, {"asked": "Drift?", "day": "2026-05-01"}).status_code == 400
        assert browser.post(url, {"asked": "", "day": "2026-05-08"}).status_code == 400
        assert "Drift?" in text(browser.post(url, {"asked": "Drift?", "day": "2026-05-08"}, follow=True))
        assert browser.get(reverse("ask_review", args=["SMP-0"])).status_code == 404


class TestAttest:
    URL = "/inbox/attest/sample/"

    def test_button_appears_when_several_wait(self, browser, make):
        make(), make()
        assert self.URL not in text(browser.get("/inbox/"))
        make()
        assert self.URL in text(browser.get("/inbox/"))

    def test_many_at_once_with_exceptions(self, browser, make):
        first, second, third = make(), make(), make()
        assert first.record.title in text(browser.get(self.URL))
        data = {
            "looked_at": "All model cards",
            f"outcome-{first.pk}": "confirmed",
            f"outcome-{second.pk}": "follow_up",
            f"outcome-{third.pk}": "",
        }
        answer = browser.post(self.URL, data)
        assert (answer.status_code, "Say what is not right." in text(answer)) == (400, True)
        assert browser.post(self.URL, {**data, f"note-{second.pk}": "Purpose is wrong"}).status_code == 302
        states = {task.pk: task.state for task in Task.objects.all()}
        assert states == {first.pk: "done", second.pk: "done", third.pk: "open"}

    def test_says_what_was_looked_at(self, browser, make):
        make()
        assert browser.post(self.URL, {"looked_at": ""}).status_code == 400

    def test_of_no_kind_is_not_there(self, browser):
        assert browser.get("/inbox/attest/nothing/").status_code == 404


class TestSettings:
    URL = "/inbox/settings/"

    def test_absence_comes_and_goes(self, browser, owner):
        other = person("reader", owner.unit)
        data = {"act": "leave", "first": "2026-05-05", "last": "2026-05-08", "deputy": other.email}
        assert browser.post(self.URL, {**data, "last": "2026-05-01"}).status_code == 400
        assert browser.post(self.URL, {**data, "deputy": ""}).status_code == 400
        assert browser.post(self.URL, data).status_code == 302
        assert other.name in text(browser.get(self.URL))
        assert browser.post(self.URL, {"act": "back", "leave": Leave.objects.get().pk}).status_code == 302
        assert not Leave.objects.exists()
        assert browser.post(self.URL, {"act": "back", "leave": "1x"}).status_code == 404

    def test_wishes(self, browser, owner):
        data = {"act": "wishes", "digest_hour": "6", "quiet_from": "19", "quiet_until": "6", "upcoming": ""}
        assert browser.post(self.URL, {**data, "digest_hour": "99"}).status_code == 400
        assert browser.post(self.URL, {**data, "deputy": owner.email}).status_code == 400
        assert browser.post(self.URL, data).status_code == 302
        wishes = Wishes.objects.get()
        assert (wishes.digest_hour, wishes.muted) == (6, ["upcoming"])

    def test_calendar_address_is_shown_once(self, browser):
        shown = text(browser.post(self.URL, {"act": "feed"}))
        assert "/calendar/" in shown
        assert "/calendar/" not in text(browser.get(self.URL))


class TestCalendar:
    def feed(self, client, owner):
        return client.get(reverse("calendar", args=[reviews.new_feed(by=owner)]))

    def test_is_read_by_a_public_client(self, client, make, owner):
        task = make(5)
        found = Calendar.from_ical(self.feed(client, owner).content).walk("VEVENT")
        assert [(str(one["summary"]), one["dtstart"].dt) for one in found] == [
            (f"{task.record.ref} {task.record.title}", task.day)
        ]
        assert found[0]["dtend"].dt - found[0]["dtstart"].dt == timedelta(days=1)

    def test_keeps_restricted_titles_inside(self, client, make, owner):
        make(title="Secret dismissal", confidentiality="restricted")
        answer = text(self.feed(client, owner))
        assert "Secret" not in answer
        assert "Restricted" in answer

    def test_ends_with_a_new_secret_the_person_or_the_right(self, client, make, owner):
        make()
        old = reverse("calendar", args=[reviews.new_feed(by=owner)])
        new = reverse("calendar", args=[reviews.new_feed(by=owner)])
        assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
        with recording(None, "test"):
            type(owner).objects.filter(pk=owner.pk).update(is_active=False)
        assert client.get(new).status_code == 404


class TestLetter:
    @pytest.fixture(autouse=True)
    def box(self):
        outbox.outbox.clear()

    def test_one_a_day_in_text_and_html(self, make, owner):
        task = make()
        assert mail.send_letters(NOON) == 1
        assert mail.send_letters(NOON) == 0
        sent = outbox.outbox[0]
        link = f"http://localhost:8000/tasks/{task.pk}/"
        html = sent.alternatives[0][0]
        assert sent.to == [owner.email]
        for body in (sent.body, html):
            assert link in body and task.record.title in body and "Is this sample still right?" in body
        assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail.send_letters(NOON + timedelta(days=1)) == 1

    def test_never_carries_restricted_content(self, make):
        make(title="Secret dismissal", confidentiality="restricted")
        mail.send_letters(NOON)
        sent = outbox.outbox[0]
        assert "Secret" not in sent.body + sent.alternatives[0][0]
        assert "Restricted" in sent.body

    def test_hostile_title_stays_text(self, make):
        make(title="<img src=x>")
        mail.send_letters(NOON)
        assert "<img" not in outbox.outbox[0].alternatives[0][0]

    @pytest.mark.parametrize(
        ("hour", "day", "wishes", "sent"),
        [
            (7, 4, {}, 0),
            (8, 4, {}, 1),
            (21, 4, {}, 0),
            (12, 4, {"quiet_from": 11, "quiet_until": 13}, 0),
            (12, 9, {}, 0),  # a Saturday
            (12, 9, {"rest_days": True}, 1),
            (6, 4, {"digest_hour": 6, "quiet_until": 5}, 1),
        ],
    )
    def test_comes_at_ones_hour(self, make, owner, hour, day, wishes, sent):
        make()
        reviews.set_wishes(by=owner, data=wishes)
        assert mail.send_letters(datetime(2026, 5, day, hour, tzinfo=UTC)) == sent

    def test_hour_is_the_persons_own(self, make, owner):
        with recording(None, "test"):
            type(owner).objects.filter(pk=owner.pk).update(time_zone="Asia/Tokyo")
        make()
        assert mail.send_letters(datetime(2026, 5, 3, 23, 30, tzinfo=UTC)) == 1

    def test_two_oclock_twice_is_one_letter(self, make, owner):
        with recording(None, "test"):
            type(owner).objects.filter(pk=owner.pk).update(time_zone="Europe/Berlin")
        reviews.set_wishes(by=owner, data={"digest_hour": 2, "quiet_from": 0, "quiet_until": 0, "rest_days": True})
        make()
        night = datetime(2026, 10, 24, 23, 45, tzinfo=UTC)
        assert [mail.send_letters(night + timedelta(minutes=30 * step)) for step in range(8)].count(1) == 1

    def test_what_is_coming_can_be_turned_off_but_no_duty(self, make, owner, client):
        make(5)
        stop = mail.stop_url(owner)
        assert client.get(stop).status_code == 200
        assert client.post(stop).status_code == 200
        assert mail.send_letters(NOON) == 0
        make(-1)
        assert mail.send_letters(NOON + timedelta(days=1)) == 1
        assert client.post(reverse("letters_stop", args=["forged"])).status_code == 404

    def test_silent_mail_server_is_asked_again_and_named(self, make, owner, settings, client_of):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        make()
        assert [mail.send_letters(NOON) for _ in range(7)] == [0] * 7
        letter = Letter.objects.get()
        assert (letter.attempts, letter.sent_at) == (5, None)
        assert "refused" in letter.error
        assert letter.error in text(client_of(person("aims_manager")).get("/jobs/"))

    def test_goes_to_nobody_who_left(self, make, owner):
        make()
        with recording(None, "test"):
            type(owner).objects.filter(pk=owner.pk).update(is_active=False)
        assert mail.send_letters(NOON) == 0


class TestJobs:
    @pytest.fixture
    def admin(self):
        return person("aims_manager")

    def test_shows_what_failed_and_lets_it_be_tried_again(self, admin, client_of):
        job = jobs.ask("pack:1", "evidence.render_pack", by=None)
        jobs.run(job.pk, lambda progress: 1 / 0)
        due.run(NOON)
        browser = client_of(admin)
        page = text(browser.get("/jobs/"))
        assert "ZeroDivisionError" in page
        assert DueRun.objects.count() == 1
        assert browser.post(reverse("job_retry", args=[job.pk])).status_code == 302
        assert Job.objects.get().state == JobState.QUEUED

    def test_is_not_for_everybody(self, browser):
        job = jobs.ask("pack:1", "evidence.render_pack", by=None)
        assert browser.get("/jobs/").status_code == 403
        assert browser.post(reverse("job_retry", args=[job.pk])).status_code == 404

    def test_banner_says_that_work_is_late(self, browser, monkeypatch):
        monkeypatch.setattr(health, "_broker", lambda: "away")
        monkeypatch.setitem(health._asked, "at", -health.ASK_EVERY)
        assert "Background work is delayed" in text(browser.get("/inbox/"))
        monkeypatch.setattr(health, "_broker", lambda: "")
        monkeypatch.setitem(health._asked, "at", -health.ASK_EVERY)
        assert "Background work is delayed" not in text(browser.get("/inbox/"))


def test_home_may_ask_for_the_work_of_a_person(make, owner):
    make(-3)
    work = due.work_of(owner, on=TODAY)[0]
    assert (work.days_late, work.why, work.mine) == (3, "Is this sample still right?", True)
    assert Record.objects.get(pk=work.record.pk).ref == work.ref
    assert Sample.objects.get().ref == work.ref
