"""Webhooks: who outside is told of what, what was sent, and what came of it."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aims import clock, webhooks
from aims.deciding import Deciding
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.forms_settings import WebhookForm
from aims.models import Message, Webhook
from aims.services import require
from aims.states import MessageState
from aims.ui import Action, Badge, Crumb, Fact, HeadCell, Header, Link, Register, Row
from aims.views.base import PageView
from aims.views.single import SingleForm

LOG = 100  # messages shown
TONES = {MessageState.WAITING: "info", MessageState.DELIVERED: "good", MessageState.FAILED: "bad"}


def crumbs(webhook: Webhook | None = None) -> list[Crumb]:
    first = [Crumb(_("Webhooks"), reverse("webhooks"))]
    return [*first, Crumb(webhook.name, webhook.get_absolute_url())] if webhook else first


def state_badge(webhook: Webhook) -> Badge:
    if webhook.off_at is not None:
        return Badge(_("Off"), "bad", "player-pause")
    return (
        Badge(_("Does not answer"), "warn", "alert-triangle")
        if webhook.failures
        else Badge(pgettext("switch", "On"), "good", "check")
    )


class WebhooksPage(PageView):
    """Who outside is told of what happens here?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(webhooks.can_manage(request.user))
        found = Webhook.objects.visible_to(request.user).select_related("person").order_by("name", "pk")
        context = {
            "header": Header(
                title=_("Webhooks"),
                lead=_("Addresses that are told of tasks and seals, each message signed. Nothing restricted leaves."),
                actions=[Action(_("Add a webhook"), reverse("webhook_new"), icon="plus", primary=True)],
            ),
            "table": self.table(list(found)),
        }
        return render(request, "webhooks/list.html", context)

    def table(self, found: list[Webhook]) -> Register:
        words = [_("Name"), _("Address"), _("Told about"), _("Hears for"), _("State")]
        rows = [
            Row(
                cells=[
                    Link(one.name, one.get_absolute_url()),
                    one.url,
                    ", ".join(str(webhooks.EVENTS.get(topic, topic)) for topic in one.topics),
                    one.person or _("the operator"),
                    state_badge(one),
                ]
            )
            for one in found
        ]
        return Register(
            head=[HeadCell(word, word) for word in words], rows=rows, total=len(rows), caption=_("Webhooks")
        )


class WebhookNew(Deciding, SingleForm):
    """Sets one up. Its secret is shown once."""

    form_class, submit = WebhookForm, gettext_lazy("Set it up")

    def allowed(self) -> None:
        require(webhooks.can_manage(self.request.user))

    def header(self) -> Header:
        return Header(title=_("Add a webhook"), crumbs=crumbs())

    def back(self) -> str:
        return reverse("webhooks")

    def extra(self) -> dict[str, Any]:
        return {"consequences": [_("It hears what you may see, for as long as you may see it.")]}

    def perform(self, data: dict[str, Any]) -> HttpResponse:
        made, secret = webhooks.set_up(by=self.request.user, **_without_version(data))
        return secret_page(self.request, made, secret)


def _without_version(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "version"}


def secret_page(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    header = Header(title=_("Its secret"), crumbs=crumbs(webhook))
    context = {"header": header, "secret": secret, "back": webhook.get_absolute_url()}
    shown = render(request, "webhooks/secret.html", context)
    shown["Cache-Control"] = "no-store"
    return shown


class WebhookView(PageView):
    """Base: one that this person manages, or 404."""

    def get_webhook(self) -> Webhook:
        require(webhooks.can_manage(self.request.user))
        rows = Webhook.objects.visible_to(self.request.user).select_related("person")
        found: Webhook | None = rows.filter(pk=self.kwargs["number"]).first()
        if found is None:
            raise Hidden
        return found


class WebhookPage(WebhookView):
    """What was sent there, and what came of it?"""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        webhook = self.get_webhook()
        found = webhook.messages.order_by("-pk")
        context = {
            "header": Header(
                title=webhook.name,
                badges=[state_badge(webhook)],
                crumbs=crumbs(),
                actions=self.actions(webhook),
            ),
            "facts": self.facts(webhook),
            "log": [_line(one) for one in found[:LOG]],
            "on": webhook.off_at is None,
        }
        return render(request, "webhooks/detail.html", context)

    def actions(self, webhook: Webhook) -> list[Action]:
        def to(name: str) -> str:
            return reverse(name, args=[webhook.pk])

        if webhook.off_at is not None:
            switch = Action(_("Switch on"), to("webhook_on"), icon="player-play", primary=True)
            return [switch, Action(_("Change"), to("webhook_change"), icon="pencil")]
        return [
            Action(_("Send a test"), to("webhook_test"), method="post", icon="send"),
            Action(_("Change"), to("webhook_change"), icon="pencil"),
            Action(_("New secret"), to("webhook_secret"), method="post", icon="key"),
            Action(_("Switch off"), to("webhook_off"), icon="player-pause", danger=True),
        ]

    def facts(self, webhook: Webhook) -> list[Fact]:
        waiting = webhook.messages.filter(state=MessageState.WAITING).count()
        found = [
            Fact(_("Address"), webhook.url, wide=True),
            Fact(_("Told about"), [str(webhooks.EVENTS.get(one, one)) for one in webhook.topics]),
            Fact(_("Hears what is visible to"), webhook.person, missing=_("The operator's own setting")),
            Fact(_("Waiting"), waiting),
            Fact(_("Failures in a row"), webhook.failures),
        ]
        if webhook.off_at is not None:
            found += [Fact(_("Switched off"), webhook.off_at), Fact(_("Why it is off"), webhook.off_why, wide=True)]
        return found


def _line(message: Message) -> dict[str, Any]:
    state = MessageState(message.state)
    tries = [{**tried, "at": parse_datetime(tried["at"])} for tried in message.tries]
    return {"message": message, "badge": Badge(str(state.label), TONES[state]), "tries": tries}  # type: ignore[arg-type]


class WebhookChange(Deciding, WebhookView, SingleForm):
    """Changes name, address and topics."""

    form_class: ClassVar[type[Any]] = WebhookForm
    said = gettext_lazy("Saved.")

    def allowed(self) -> None:
        self.webhook = self.get_webhook()

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.webhook, name) for name in ("name", "url", "topics")}

    def header(self) -> Header:
        return Header(title=_("Change %(title)s") % {"title": self.webhook.name}, crumbs=crumbs(self.webhook))

    def back(self) -> str:
        return self.webhook.get_absolute_url()

    def extra(self) -> dict[str, Any]:
        return {"consequences": [_("From then on it hears what you may see.")]}

    def perform(self, data: dict[str, Any]) -> None:
        fields = {name: data[name] for name in ("name", "url", "topics")}
        webhooks.change(self.webhook, by=self.request.user, data=fields, reason=data["reason"])


class WebhookSwitch(WebhookChange):
    """Switches it off, or on again, with a reason."""

    form_class: ClassVar[type[Any]] = ReasonForm
    on = False

    def initial(self) -> dict[str, Any]:
        return {}

    def header(self) -> Header:
        title = _("Switch %(name)s on") if self.on else _("Switch %(name)s off")
        return Header(title=title % {"name": self.webhook.name}, crumbs=crumbs(self.webhook))

    def extra(self) -> dict[str, Any]:
        if self.on:
            return {"consequences": [_("What waits goes out at once, in its order.")]}
        return {"consequences": [_("What happens meanwhile is not told later; what waits is kept.")], "danger": True}

    def perform(self, data: dict[str, Any]) -> None:
        webhooks.switch(self.webhook, by=self.request.user, on=self.on, at=clock.now(), reason=data["reason"])


class WebhookSecret(Deciding, WebhookView):
    """Makes a new secret and shows it once."""

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        webhook = self.get_webhook()
        return secret_page(request, webhook, webhooks.renew_secret(webhook, by=request.user, at=clock.now()))


class WebhookTest(Deciding, WebhookView):
    """Sends a message that says nothing."""

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        webhook = self.get_webhook()
        webhooks.send_test(webhook, by=request.user, at=clock.now())
        messages.success(request, _("A test is on its way; the list below says what came of it."))
        return redirect(webhook.get_absolute_url())


class MessageAgain(Deciding, WebhookView):
    """Sends one message once more."""

    def post(self, request: HttpRequest, number: int, message: int) -> HttpResponse:
        webhook = self.get_webhook()
        found = webhook.messages.filter(pk=message).select_related("webhook").first()
        if found is None:
            raise Hidden
        webhooks.send_again(found, by=request.user, at=clock.now())
        messages.success(request, _("It is sent again."))
        return redirect(webhook.get_absolute_url())
