"""Requests for evidence: the register, one of them, asking, giving, taking back."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.errors import WrongState
from aims.forms import ReasonForm
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact
from aims.views.base import KindView
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from evidence import policies, services, tables
from evidence.forms import GiveForm, RequestForm
from evidence.models import EvidenceItem, EvidenceRequest, RequestAnswer


class RequestView(KindView):
    model = EvidenceRequest

    def rows(self) -> Any:
        return super().rows().select_related("asked_by").with_record(self.request.user)


class RequestList(RequestView, RegisterView):
    """Which evidence was asked for, of whom, and is it there?"""

    table = tables.REQUEST_TABLE
    lead = gettext_lazy("Evidence that somebody needs by a date, once or again and again. Who is asked is reminded.")

    def actions(self) -> list[Action]:
        if not policies.can_request_evidence(self.request.user, None):
            return []
        return [Action(_("Request evidence"), "/evidence-requests/create/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _("Ask the person who has it, with a date; with a cadence it is asked for again by itself.")
        return Empty(_("No evidence was requested"), text, clause="7.5", action=next(iter(self.actions()), None))


class RequestDetail(RequestView, RecordView):
    """What is wanted, by when, and what was given?"""

    summary_template = "evidence/evidencerequest_detail.html"

    def badges(self, record: Any) -> list[Badge]:
        return [state_badge(record)]

    def actions(self, record: Any) -> list[Action]:
        user, url, found = self.request.user, record.get_absolute_url(), []
        if record.is_open and policies.can_answer_request(user, record):
            add = f"/evidence/create/?request={record.ref}"
            found.append(Action(_("Add evidence"), add, icon="upload", primary=True))
            found.append(Action(_("Give what is there"), f"{url}give/", icon="link"))
        if record.is_open and policies.can_change_request(user, record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil"))
            found.append(Action(_("No longer wanted"), f"{url}drop/", icon="ban"))
        return found

    def facts(self, record: Any) -> Sequence[tuple[Any, Sequence[Fact]]]:
        return (
            (
                _("What is wanted"),
                [
                    Fact(_("Wanted"), record.wanted, wide=True),
                    Fact(_("Population or sample"), record.population, missing=_("Not stated"), wide=True),
                    Fact(_("For the record"), record.seen_record, missing=_("Kept from you")),
                ],
            ),
            (
                _("Of whom, until when"),
                [
                    Fact(_("Asked of"), record.owner),
                    Fact(_("Asked by"), record.asked_by),
                    Fact(_("Needed by"), record.due_on, missing=_("Nothing is waited for")),
                    Fact(_("Again"), str(record.every) if record.every else _("once")),
                ],
            ),
        )

    def extra(self, record: Any) -> dict[str, Any]:
        seen = EvidenceItem.objects.visible_to(self.request.user)
        given = RequestAnswer.objects.filter(request=record, item__in=seen).select_related("item", "given_by")
        return {"given": given.order_by("-pk")}


class RequestCreate(RequestView, CreateView):
    """Ask for evidence."""

    form_class = RequestForm
    said = gettext_lazy("Asked. The person is told when it falls due.")
    submit = gettext_lazy("Request evidence")

    def heading(self, record: Any) -> str:
        return _("Request evidence")

    def allowed(self, record: Any) -> None:
        require(policies.can_request_evidence(self.request.user, None))

    def perform(self, record: Any, form: Any) -> EvidenceRequest:
        return services.request_evidence(
            by=self.request.user, record=form.cleaned_data["record"], data=form.data_for_service()
        )


class OpenRequest(RequestView, FormView):
    """Base: a verb on an open request."""

    def may(self, record: Any) -> str:
        raise NotImplementedError

    def allowed(self, record: Any) -> None:
        require(self.may(record))
        if not record.is_open:
            raise WrongState(_("This request is not open any more."))

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version}


class RequestChange(OpenRequest, ChangeView):
    """Change what is asked, of whom, until when."""

    form_class = RequestForm
    said = gettext_lazy("Saved.")

    def may(self, record: Any) -> str:
        return policies.can_change_request(self.request.user, record)

    def perform(self, record: Any, form: Any) -> EvidenceRequest:
        return services.change_request(
            record, by=self.request.user, data=form.data_for_service(), version=self.version(form)
        )


class RequestGive(OpenRequest):
    """Give evidence that is there already."""

    form_class: ClassVar[type[Any]] = GiveForm
    template_name = "evidence/evidencerequest_give.html"
    submit = gettext_lazy("Give")
    said = gettext_lazy("Given.")

    def heading(self, record: Any) -> str:
        return _("Give evidence to %(title)s") % {"title": record.title}

    def may(self, record: Any) -> str:
        return policies.can_answer_request(self.request.user, record)

    def perform(self, record: Any, form: Any) -> EvidenceRequest:
        item = form.cleaned_data["evidence"]
        return services.answer_request(
            record, by=self.request.user, item=item, on=clock.today(), version=self.version(form)
        )


class RequestDrop(OpenRequest):
    """Say that it is no longer wanted."""

    form_class: ClassVar[type[Any]] = ReasonForm
    template_name = "kit/act.html"
    submit = gettext_lazy("No longer wanted")
    said = gettext_lazy("Nobody is reminded of it any more.")

    def heading(self, record: Any) -> str:
        return _("%(title)s: no longer wanted") % {"title": record.title}

    def may(self, record: Any) -> str:
        return policies.can_change_request(self.request.user, record)

    def perform(self, record: Any, form: Any) -> EvidenceRequest:
        return services.drop_request(
            record, by=self.request.user, reason=form.cleaned_data["reason"], version=self.version(form)
        )
