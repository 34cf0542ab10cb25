"""What handlers do with a concern, declared once: each is a button, a page with its form, and an action of the API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.forms import ReasonForm
from monitoring import forms, services
from monitoring.models import Concern
from monitoring.states import ANSWERED, ConcernState


@dataclass(frozen=True)
class Given:
    """Who does it when, to which version, with what the form gave."""

    by: Any
    at: datetime
    on: date
    version: int | None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """A verb on a concern: the part of its address, in which states, by which form, and what it does.

    `beside` verbs stand among the facts they add to, not in the head of the page.
    """

    id: str
    label: Any
    icon: str
    form: Any
    do: Callable[[Concern, Given], Any]
    states: Sequence[str]
    said: Any
    says: Any = ""
    beside: bool = False

    @property
    def route(self) -> str:
        return f"concern_{self.id}"


_C = ConcernState
EVER = tuple(ConcernState)
OPEN = tuple(state for state in ConcernState if state not in ANSWERED)
_READ = _("Who raised the concern reads what you write here.")

ACTS = (
    Act("acknowledge", _("Acknowledge"), "check", forms.AcknowledgeForm,
        lambda c, g: services.acknowledge_concern(c, by=g.by, at=g.at, version=g.version, **g.data),
        [_C.RECEIVED], _("Acknowledged."), _READ),
    Act("look", _("Begin to look into it"), "search", forms.LookForm,
        lambda c, g: services.look_into_concern(c, by=g.by, version=g.version),
        [_C.ACKNOWLEDGED], _("Being looked into."), _("Who raised the concern sees that it is being looked into.")),
    Act("outcome", _("Answer"), "message", forms.AnswerForm,
        lambda c, g: services.answer_concern(c, by=g.by, at=g.at, version=g.version, **g.data),
        [_C.LOOKING], _("Answered."), _READ),
    Act("close", _("Close"), "archive", forms.CloseForm,
        lambda c, g: services.close_concern(c, by=g.by, at=g.at, version=g.version, **g.data),
        [_C.ANSWERED], _("Closed."), _("Who raised the concern can still read the answer, and write no more.")),
    Act("reopen", _("Reopen"), "arrow-back-up", ReasonForm,
        lambda c, g: services.reopen_concern(c, by=g.by, on=g.on, version=g.version, **g.data),
        ANSWERED, _("Reopened."), _("The answer given stays in the history; a new one is due.")),
    Act("assign", _("Give to another handler"), "user-check", forms.AssignForm,
        lambda c, g: services.assign_handler(c, by=g.by, on=g.on, version=g.version, **g.data),
        OPEN, _("Handed over.")),
    Act("involve", _("Add somebody involved"), "eye-off", forms.NameForm,
        lambda c, g: services.name_person(c, by=g.by, **g.data),
        EVER, _("Kept out from now on."), _("From now on this concern does not exist for them."), beside=True),
    Act("link", _("Link a record"), "link", forms.LinkForm,
        lambda c, g: services.link_record(c, by=g.by, **g.data), EVER, _("Linked."), beside=True),
    Act("unlink", _("Take a link away"), "x", forms.UnlinkForm,
        lambda c, g: services.unlink_record(c, by=g.by, **g.data), EVER, _("Taken away."), beside=True),
    Act("write", _("Write to who raised it"), "send", forms.SayForm,
        lambda c, g: services.write_to_reporter(c, by=g.by, at=g.at, **g.data), EVER, _("Sent."), _READ, beside=True),
    Act("note", _("Add a note"), "pencil", forms.NoteForm,
        lambda c, g: services.note_on_concern(c, by=g.by, at=g.at, **g.data),
        EVER, _("Noted."), _("Only those on the case list read it."), beside=True),
)  # fmt: skip
