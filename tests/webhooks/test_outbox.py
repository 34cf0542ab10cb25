"""Messages: written with what happened, signed, sent until they arrive, in order, never for ever."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from threading import Event

import pytest

from aims import due, outbox, reviews, seals, webhooks
from aims.facts import TaskNews
from aims.models import Message, Task, Webhook
from aims.registry import registry
from aims.states import MessageState
from aims.trail import recording
from tests.due.conftest import source
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.webhooks.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def sources():
    before = dict(registry.due_sources)
    registry.due_sources.clear()
    registry.falls_due(source())
    yield registry
    registry.due_sources.clear()
    registry.due_sources.update(before)


@pytest.fixture
def owner():
    return person("system_owner", unit(), name="Olga Owner")


@pytest.fixture
def make(owner):
    def make(days=0, **more):
        return sample(**{"unit": owner.unit, "owner": owner, "due_on": TODAY + timedelta(days=days), **more})

    return make


def told(event=""):
    rows = Message.objects.order_by("pk")
    return [json.loads(one.body) for one in (rows.filter(event=event) if event else rows)]


def signed_by(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


class TestWhatIsTold:
    def test_tasks_opened_due_overdue_brought_up_and_completed(self, hook, make, owner, noon):
        row = make(1)
        due.run(NOON)
        opened = told("task.opened")[0]
        assert (opened["type"], opened["timestamp"]) == ("task.opened", NOON.isoformat())
        task = opened["data"]["tasks"][0]
        assert (task["record"], task["title"], task["assignee"]) == (row.ref, row.title, owner.email)
        assert task["url"] == f"http://localhost:8000/tasks/{task['id']}/"
        due.run(NOON + timedelta(days=1))
        due.run(NOON + timedelta(days=1, hours=1))
        assert len(told("task.due")) == 1
        due.run(NOON + timedelta(days=12))
        assert (len(told("task.overdue")), len(told("task.escalated"))) == (1, 1)
        done = Task.objects.select_related("record").get()
        reviews.complete_review(done, by=owner, looked_at="all", on=TODAY, at=NOON)
        assert told("task.completed")[0]["data"]["tasks"][0]["state"] == "done"

    def test_extra_reviews_too(self, hook, make, owner):
        make(50)
        record = Task.record.field.related_model.objects.get()
        reviews.ask_review(record, by=owner, asked="Drift?", day=TODAY, on=TODAY, at=NOON)
        assert told("task.opened")[0]["data"]["tasks"][0]["asks"] == "Drift?"

    def test_many_tasks_share_messages(self, hook, make, monkeypatch):
        monkeypatch.setattr(outbox, "TASKS", 2)
        for _ in range(5):
            make(3)
        due.run(NOON)
        assert [len(one["data"]["tasks"]) for one in told("task.opened")] == [2, 2, 1]

    def test_nothing_restricted_leaves(self, hook, make):
        make(title="Secret dismissal", confidentiality="restricted")
        due.run(NOON)
        assert "Secret" not in json.dumps(told())

    def test_only_what_its_person_may_see(self, receiver, make, owner):
        elsewhere = person("aims_manager", unit())
        webhooks.set_up(by=elsewhere, name="b", url=receiver.url, topics=["task.opened"], reason="r")
        make()
        due.run(NOON)
        assert told() == []

    def test_nobody_who_left_hears(self, hook, make, manager):
        with recording(None, "test"):
            type(manager).objects.filter(pk=manager.pk).update(is_active=False)
        make()
        due.run(NOON)
        seals.seal_new_events()
        assert told() == []

    def test_seal_with_its_signature(self, hook, make, receiver):
        make()
        seal = seals.seal_new_events()
        found = told("seal.made")[-1]["data"]
        assert (found["root"], found["signature"]) == (seal.root, seal.signature)

    def test_operators_seals_go_where_the_setting_says(self, settings, receiver, make):
        settings.SEAL_WEBHOOK_URL = receiver.url
        webhooks.set_up_operators()
        webhooks.set_up_operators()
        assert Webhook.objects.get().person is None
        make()
        due.run(NOON)
        seals.seal_new_events()
        assert {one["type"] for one in told()} == {"seal.made"}
        settings.SEAL_WEBHOOK_URL = receiver.url + "&moved=1"
        webhooks.set_up_operators()
        assert Webhook.objects.get().url.endswith("moved=1")
        settings.SEAL_WEBHOOK_URL = "ftp://wrong"
        with pytest.raises(Exception, match="SEAL_WEBHOOK_URL"):
            webhooks.set_up_operators()

    def test_what_is_undone_is_not_told(self, hook, make, owner, sources):
        def refuse(record, task):
            raise RuntimeError("no")

        make()
        due.run(NOON)
        sources.falls_due(source(reviewed=refuse))
        with pytest.raises(RuntimeError):
            reviews.complete_review(
                Task.objects.select_related("record").get(), by=owner, looked_at="a", on=TODAY, at=NOON
            )
        assert told("task.completed") == []

    def test_no_news_is_no_query(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            outbox.tell_tasks(TaskNews("task.opened", [], NOON))


def posted(hook, count=1):
    return [outbox.write(hook, "webhook.test", {"n": number}, at=NOON) for number in range(count)]


class TestDelivery:
    def test_arrives_once_signed_and_in_order(self, hook, receiver):
        made = posted(hook, 3)
        assert outbox.deliver(NOON) == 3
        assert outbox.deliver(NOON) == 0
        assert [headers["webhook-id"] for headers, _body in receiver.came] == [one.name for one in made]
        for headers, body in receiver.came:
            assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
            assert headers["webhook-signature"] == signed_by(hook.plain, headers, body)
        message = Message.objects.first()
        assert (message.state, message.tries[0]["status"]) == (MessageState.DELIVERED, 204)

    def test_former_secret_signs_too_while_receivers_change_over(self, hook, receiver, manager, noon):
        fresh = webhooks.renew_secret(hook, by=manager, at=NOON)
        posted(hook)
        outbox.deliver(NOON)
        headers, body = receiver.came[0]
        assert headers["webhook-signature"].split() == [
            signed_by(fresh, headers, body),
            signed_by(hook.plain, headers, body),
        ]
        noon(NOON + timedelta(days=2))
        posted(hook)
        outbox.deliver(NOON + timedelta(days=2))
        headers, body = receiver.came[1]
        assert headers["webhook-signature"] == signed_by(fresh, headers, body)

    @pytest.mark.parametrize("status", [500, 404, 302])
    def test_failure_waits_longer_each_time_and_holds_back_those_after_it(self, hook, receiver, noon, status):
        first, second = posted(hook, 2)
        receiver.answers = [(status, {})] * 3
        moment, waits = NOON, []
        for _ in range(3):
            noon(moment)
            assert outbox.deliver(moment) == 0
            first.refresh_from_db()
            waits.append((first.next_at - moment).total_seconds())
            assert outbox.deliver(moment) == 0  # its time has not come
            moment = first.next_at
        assert waits == sorted(waits)
        assert 4 <= waits[0] <= 6
        assert {one["status"] for one in first.tries} == {status}
        noon(moment)
        assert outbox.deliver(moment) == 2
        names = [headers["webhook-id"] for headers, _body in receiver.came]
        assert names == [first.name] * 4 + [second.name]
        assert Webhook.objects.get().failures == 0

    def test_receiver_that_is_down_is_switched_off_after_days(self, hook, manager, noon, settings):
        Webhook.objects.update(url="http://127.0.0.1:1/")
        message, moment = posted(hook)[0], NOON
        while message.state == MessageState.WAITING:
            noon(moment)
            outbox.deliver(moment)
            message.refresh_from_db()
            moment = message.next_at or moment
        assert message.attempts == len(settings.WEBHOOK_PAUSES) + 1
        assert timedelta(days=2) < moment - NOON < timedelta(days=5)
        hook.refresh_from_db()
        assert hook.off_at == moment
        assert "refused" in hook.off_why
        assert outbox.deliver(moment) == 0

    def test_gone_is_gone_at_once(self, hook, receiver):
        message = posted(hook)[0]
        receiver.answers = [(410, {})]
        outbox.deliver(NOON)
        message.refresh_from_db()
        hook.refresh_from_db()
        assert (message.state, message.attempts) == (MessageState.FAILED, 1)
        assert "410" in hook.off_why

    def test_receiver_may_ask_for_time(self, hook, receiver):
        receiver.answers = [(503, {"Retry-After": "3600"})]
        message = posted(hook)[0]
        outbox.deliver(NOON)
        message.refresh_from_db()
        assert message.next_at == NOON + timedelta(hours=1)
        assert outbox._pause(1, outbox.Answer(503, "999999999", "")) == outbox.LONGEST_WAIT

    def test_slow_receiver_costs_one_answer_and_starves_nobody(self, hook, receiver, manager, settings):
        settings.WEBHOOK_SECONDS, receiver.hold = 0.2, Event()
        posted(hook, 5)
        assert outbox.deliver(NOON) == 0
        assert len(receiver.came) == 1
        assert "TimeoutError" in Message.objects.first().tries[0]["error"]

    def test_address_that_leads_inside_fails_with_the_reason(self, hook, settings):
        message = posted(hook)[0]
        settings.WEBHOOK_PRIVATE = False
        outbox.deliver(NOON)
        message.refresh_from_db()
        assert "Forbidden" in message.tries[0]["error"]

    def test_one_worker_at_a_time_sends_to_one_receiver(self, hook, receiver, noon):
        posted(hook)
        Webhook.objects.update(busy_until=NOON + timedelta(seconds=9))
        assert outbox.deliver(NOON) == 0
        noon(NOON + timedelta(seconds=10))
        assert outbox.deliver(NOON + timedelta(seconds=10)) == 1
        assert Webhook.objects.get().busy_until is None

    def test_turn_ends_so_that_others_get_theirs(self, hook, receiver, monkeypatch):
        monkeypatch.setattr(outbox, "TURN", 0.0)
        posted(hook)
        assert outbox.deliver(NOON) == 0
        assert receiver.came == []

    def test_delivered_ones_are_forgotten_after_a_month(self, hook, receiver):
        posted(hook)
        outbox.deliver(NOON)
        assert outbox.forget(NOON + timedelta(days=29)) == 0
        assert outbox.forget(NOON + timedelta(days=31)) == 1
