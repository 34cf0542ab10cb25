"""Webhooks as people handle them: who may, what is asked, what is shown once."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from aims import outbox, webhooks
from aims.errors import NotPermitted, WrongState
from aims.history import event_model
from aims.models import Message, Webhook
from aims.registry import registry
from tests.factories import person, root_unit, unit
from tests.factories.organization import sign_in_again
from tests.webhooks.conftest import NOON

pytestmark = pytest.mark.django_db
GOOD = {"name": "Tickets", "topics": ["task.opened"], "reason": "pilot"}


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def browser(manager, client_of):
    return confirmed(client_of(manager), manager)


def confirmed(client, who):
    """The person has just proved who they are."""
    sign_in_again(client, who)
    return client


def url_of(name, hook, *more):
    return reverse(name, args=[hook.pk, *more])


class TestPages:
    def test_set_up_shows_the_secret_once_and_keeps_it_encrypted(self, browser, receiver):
        assert "Nobody outside is told" in text(browser.get("/webhooks/"))
        assert browser.get("/webhooks/new/").status_code == 200
        answer = browser.post("/webhooks/new/", {**GOOD, "url": receiver.url})
        secret = re.search(r"whsec_[A-Za-z0-9+/=]+", text(answer))[0]
        assert answer["Cache-Control"] == "no-store"
        made = Webhook.objects.get()
        assert secret not in made.secret
        page = text(browser.get(made.get_absolute_url()))
        assert receiver.url in page
        assert "whsec_" not in page
        assert "Tickets" in text(browser.get("/webhooks/"))

    @pytest.mark.parametrize(
        "wrong",
        [{"url": "ftp://x"}, {"url": "https://10.0.0.1/"}, {"topics": ["else"]}, {"topics": []}, {"reason": ""}],
    )
    def test_bad_input_is_refused(self, browser, settings, wrong):
        settings.WEBHOOK_PRIVATE = False
        assert browser.post("/webhooks/new/", {**GOOD, "url": "https://example.com/", **wrong}).status_code == 400
        assert not Webhook.objects.exists()

    def test_change_moves_it_to_whoever_changes_it(self, hook, client_of, receiver):
        other = person("aims_manager", root_unit())
        browser = confirmed(client_of(other), other)
        assert "Ticket system" in text(browser.get(url_of("webhook_change", hook)))
        data = {**GOOD, "url": receiver.url, "name": "Renamed"}
        assert browser.post(url_of("webhook_change", hook), data).status_code == 302
        hook.refresh_from_db()
        assert (hook.name, hook.person_id) == ("Renamed", other.pk)

    def test_off_and_on_again_sends_what_waited(self, hook, browser, receiver):
        outbox.write(hook, "webhook.test", {}, at=NOON + timedelta(hours=5))
        assert browser.get(url_of("webhook_off", hook)).status_code == 200
        assert browser.post(url_of("webhook_off", hook), {"reason": ""}).status_code == 400
        assert browser.post(url_of("webhook_off", hook), {"reason": "moves house"}).status_code == 302
        assert browser.post(url_of("webhook_off", hook), {"reason": "again"}).status_code == 409
        page = text(browser.get(hook.get_absolute_url()))
        assert "moves house" in page
        assert "Send a test" not in page
        assert browser.post(url_of("webhook_test", hook)).status_code == 409
        assert "What waits goes out" in text(browser.get(url_of("webhook_on", hook)))
        assert browser.post(url_of("webhook_on", hook), {"reason": "there"}).status_code == 302
        assert outbox.deliver(NOON) == 1

    def test_test_arrives_and_can_be_sent_again_under_its_id(self, hook, browser, receiver):
        assert "A test is on its way" in text(browser.post(url_of("webhook_test", hook), follow=True))
        message = Message.objects.get()
        assert browser.post(url_of("message_again", hook, message.pk)).status_code == 409
        outbox.deliver(NOON)
        assert "204" in text(browser.get(hook.get_absolute_url()))
        assert browser.post(url_of("message_again", hook, message.pk)).status_code == 302
        outbox.deliver(NOON)
        assert [headers["webhook-id"] for headers, _body in receiver.came] == [message.name] * 2
        assert json.loads(receiver.came[0][1])["type"] == "webhook.test"
        assert browser.post(url_of("message_again", hook, message.pk + 1)).status_code == 404

    def test_failed_message_waits_for_somebody(self, hook, browser, receiver):
        receiver.answers = [(410, {})]
        message = outbox.write(hook, "webhook.test", {}, at=NOON)
        outbox.deliver(NOON)
        assert browser.post(url_of("message_again", hook, message.pk)).status_code == 409
        browser.post(url_of("webhook_on", hook), {"reason": "back"})
        assert browser.post(url_of("message_again", hook, message.pk)).status_code == 302
        assert outbox.deliver(NOON) == 1

    def test_new_secret_is_shown_once(self, hook, browser):
        assert hook.plain not in text(browser.post(url_of("webhook_secret", hook)))
        hook.refresh_from_db()
        assert hook.former and hook.former_until == NOON + webhooks.BOTH

    def test_costs_the_same_for_one_and_for_many(self, hook, browser, queries):
        outbox.write(hook, "webhook.test", {}, at=NOON)
        for page in ("/webhooks/", hook.get_absolute_url()):
            browser.get(page)
            one = queries(lambda page=page: browser.get(page))
            Webhook.objects.create(name="b", url=hook.url, topics=["seal.made"], secret="x", person=hook.person)
            outbox.write(hook, "webhook.test", {}, at=NOON)
            assert queries(lambda page=page: browser.get(page)) == one <= 20


class TestWhoMay:
    def test_asks_again_who_it_is(self, manager, client_of):
        answer = client_of(manager).get("/webhooks/new/")
        assert (answer.status_code, "reauthenticate" in answer["Location"]) == (302, True)

    def test_managers_of_a_part_see_their_own_alone(self, hook, client_of):
        part = person("aims_manager", unit())
        assert "Ticket system" not in text(client_of(part).get("/webhooks/"))
        assert client_of(part).get(hook.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("role", ["reader", "system_owner", "top_management", "integration"])
    def test_nobody_else(self, hook, client_of, role):
        other = person(role, root_unit())
        assert client_of(other).get("/webhooks/").status_code == 403
        with pytest.raises(NotPermitted):
            webhooks.renew_secret(hook, by=other, at=NOON)
        with pytest.raises(NotPermitted):
            webhooks.set_up(by=other, name="x", url=hook.url, topics=["task.due"], reason="r")

    def test_no_program(self, manager, hook):
        manager.token_scopes = frozenset({"*"})
        manager.forget_access()
        with pytest.raises(NotPermitted):
            webhooks.switch(hook, by=manager, on=False, at=NOON, reason="r")

    def test_another_managers_is_refused(self, hook):
        with pytest.raises(NotPermitted):
            webhooks.send_test(hook, by=person("aims_manager", unit()), at=NOON)

    def test_is_on_the_trail_without_the_secret(self, hook, manager):
        event = event_model(Webhook).objects.get(pgh_obj_id=hook.pk)
        assert (event.pgh_context["service"], event.pgh_context["reason"]) == ("set_up_webhook", "pilot")
        assert not hasattr(event, "secret")
        webhooks.renew_secret(hook, by=manager, at=NOON)
        assert event_model(Webhook).objects.filter(pgh_obj_id=hook.pk).count() == 1

    def test_waiting_message_is_not_sent_again(self, hook, manager):
        message = outbox.write(hook, "webhook.test", {}, at=NOON)
        with pytest.raises(WrongState):
            webhooks.send_again(message, by=manager, at=NOON)

    def test_seals_are_for_who_may_read_the_trail(self, hook, manager, monkeypatch):
        monkeypatch.setitem(registry.verbs, "trail.read", ())
        with pytest.raises(ValidationError):
            webhooks.change(hook, by=manager, data={"topics": ["seal.made"]}, reason="r")


@pytest.mark.parametrize(
    "wrong",
    [{"off_why": "no time"}, {"topics": []}, {"secret": ""}, {"former": "x"}, {"off_at": NOON}],
)
def test_impossible_webhooks_are_refused(wrong):
    good = {"name": "n", "url": "https://example.com/", "topics": ["task.due"], "secret": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Webhook.objects.create(**{**good, **wrong})


@pytest.mark.parametrize("wrong", [{"state": "delivered"}, {"next_at": None}, {"name": "twice"}])
def test_impossible_messages_are_refused(hook, wrong):
    Message.objects.create(webhook=hook, name="twice", event="e", body="{}", next_at=NOON)
    good = {"webhook": hook, "name": "once", "event": "e", "body": "{}", "next_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(**{**good, **wrong})
