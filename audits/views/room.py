"""The auditor's room: requests with state, what was offered, comments, samples, private notes."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock, exports
from aims.errors import Hidden, invalid
from aims.models import Record
from aims.services import require
from aims.ui import Action, Badge, Crumb, Header, Link
from aims.views.base import PageView
from aims.views.form import FormView
from audits import policies, services
from audits.forms.engagements import AskForm, CommentForm, ImportForm, OfferForm, VerdictOnOfferForm
from audits.forms.nonconformities import ReasonForm
from audits.models import AuditRequest, Engagement, PrivateNote
from audits.reading import changed_since, requests_of
from audits.states import REQUEST_TONES, RequestState
from audits.views.audits import samples_block
from audits.views.base import SeenView
from audits.views.blocks import block
from audits.views.engagements import requests_block
from audits.views.samples import changes_since
from inventory.models import AISystem


class RoomView(SeenView):
    """A page in the room of an engagement."""

    model = Engagement

    def room(self) -> Engagement:
        """The engagement, for its members."""
        record: Engagement = self.get_record()
        require(policies.can_audit(self.request.user, record), _("This is the auditor's room."))
        return record


class Rooms(PageView):
    """Where somebody from outside begins: their engagements."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = (
            Engagement.objects.visible_to(request.user).running(clock.today()).filter(members__person=request.user.pk)
        )
        header = Header(
            title=_("My engagements"), lead=_("What is open to you, and until when. What you open is recorded.")
        )
        return render(request, "audits/rooms.html", {"header": header, "rows": list(rows.order_by("ends_on"))})


class Room(RoomView):
    """Give me what I asked for."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        engagement = self.room()
        url, audit = engagement.get_absolute_url(), engagement.audit
        running = audit is not None and audit.state == "running"
        actions = [
            Action(_("Draw a sample"), f"{audit.get_absolute_url()}draw/", icon="box") if running else None,
            Action(_("Ask for something"), f"{url}ask/", icon="plus", primary=True),
        ]
        until = {"day": date_format(engagement.ends_on, "SHORT_DATE_FORMAT")}
        header = Header(title=engagement.title, ref=engagement.ref, crumbs=[Crumb(_("My engagements"), "/rooms/")],
                        lead=_("Open until %(day)s. What you open and take away is recorded.") % until,
                        actions=[one for one in actions if one is not None])  # fmt: skip
        blocks = [
            requests_block(request, engagement),
            *([samples_block(audit)] if audit is not None else []),
            self._systems(),
        ]
        note = PrivateNote.objects.filter(engagement=engagement, person=request.user.pk).first()
        context = {"header": header, "blocks": blocks, "note": note.box if note else "", "note_url": f"{url}note/"}
        return render(request, "audits/room.html", context)

    def _systems(self) -> Any:
        rows = list(AISystem.objects.visible_to(self.request.user).order_by("title")[:50])
        cells = [
            [one.title, one.get_state_display(), Link(_("Thread"), f"{one.get_absolute_url()}thread/")] for one in rows
        ]
        return block("systems", _("AI systems"), [_("AI system"), _("Stage"), _("Everything behind it")], cells,
                     none=_("No system is open to you."), urls=[one.get_absolute_url() for one in rows],
                     add=None)  # fmt: skip


class RoomForm(RoomView, FormView):
    """A form of the auditor's."""

    template_name = "kit/act.html"

    def allowed(self, record: Any) -> None:
        require(policies.can_audit(self.request.user, record), _("This is the auditor's room."))

    def crumbs(self, record: Any = None) -> list[Crumb]:
        if not policies.can_audit(self.request.user, record):
            return super().crumbs(record)
        return [Crumb(_("My engagements"), "/rooms/"), Crumb(record.title, self.there(record))]

    def there(self, record: Any) -> str:
        """Where one came from: the room, or for our side the list of requests."""
        tab = "room" if policies.can_audit(self.request.user, record) else "requests"
        return f"{record.get_absolute_url()}{tab}/"

    def extra(self, record: Any) -> dict[str, Any]:
        return {"cancel": Action(_("Cancel"), self.there(record))}

    def success_url(self, done: Any) -> str:
        return self.there(self.get_record())


class Ask(RoomForm):
    """Ask for something."""

    form_class, submit, said = AskForm, gettext_lazy("Ask"), gettext_lazy("Asked.")

    def heading(self, record: Any) -> str:
        return _("Ask for something")

    def perform(self, record: Engagement, form: Any) -> Any:
        by: Any = self.request.user
        return services.ask(record, by=by, on=clock.today(), **form.data_for_service())


class ImportList(RoomForm):
    """Take over a request list: all rows or none."""

    form_class, submit, said = ImportForm, gettext_lazy("Import"), gettext_lazy("Imported.")

    def allowed(self, record: Any) -> None:
        require(policies.can_bring_list(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Import a request list")

    def perform(self, record: Engagement, form: Any) -> Any:
        by: Any = self.request.user
        return services.import_requests(record, by=by, on=clock.today(), **form.data_for_service())


class ExportList(SeenView):
    """The request list as a file, for either side: it comes in again elsewhere."""

    model = Engagement
    write: ClassVar[Any] = staticmethod(exports.csv_response)

    def get(self, request: HttpRequest, ref: str) -> HttpResponseBase:
        engagement = self.get_record()
        require(policies.can_comment(request.user, engagement))
        auditors = dict(engagement.members.values_list("person_id", "person__email"))
        rows = [self._row(one, auditors.get(one.asked_by_id, "")) for one in requests_of(engagement, request.user)]
        head = [*services.COLUMNS, *services.TOLD]
        return self.write(f"{engagement.ref}-requests", head, rows)  # type: ignore[no-any-return]

    def _row(self, one: Any, asked_by: str) -> list[Any]:
        about = one.about.ref if one.about else ""
        offered = [row.record.ref for row in one.offered]
        changed = [row.record.ref for row in one.offered if changed_since(row)]
        return [one.number, one.wanted, one.clause, about, one.due_on, asked_by, one.state, offered, changed]


class Note(RoomView):
    """The auditor's locked note. It is opened and locked in the browser; here it is a box without a key."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        engagement = self.room()
        box = request.POST.get("box", "")
        if not box:
            raise invalid(box=_("Nothing came."))
        by: Any = request.user
        services.keep_note(engagement, by=by, box=box, at=clock.now())
        return JsonResponse({"saved": str(_("Saved, locked"))})


class RequestView(SeenView):
    """A page of one request of an engagement that the person sees."""

    model = Engagement

    def asked(self, engagement: Engagement) -> AuditRequest:
        require(policies.can_comment(self.request.user, engagement))
        found = engagement.requests.filter(pk=self.kwargs["pk"]).select_related("asked_by").first()
        if found is None:
            raise Hidden
        found.engagement = engagement
        return found


class RequestDetail(RequestView):
    """What was asked, what was given, what changed since, what is said."""

    def get(self, request: HttpRequest, ref: str, pk: int) -> HttpResponse:
        engagement = self.get_record()
        row = self.asked(engagement)
        seen = {
            one.pk: one for one in Record.objects.visible_to(request.user).filter(pk__in=row.offers.values("record"))
        }
        offers = [
            self._offer(one, seen[one.record_id])
            for one in row.offers.select_related("offered_by")
            if one.record_id in seen
        ]
        about = Record.objects.visible_to(request.user).filter(pk=row.about_id).first()
        list_url = f"{engagement.get_absolute_url()}requests/"
        header = Header(
            title=row.wanted, badges=[Badge(row.get_state_display(), REQUEST_TONES[row.state])],
            lead=" · ".join(filter(None, (row.number, row.clause))), crumbs=[*self.crumbs(engagement), Crumb(_("Requests"), list_url)],
            actions=self._actions(row),
        )  # fmt: skip
        comments = row.comments.select_related("written_by")
        context = {"header": header, "row": row, "offers": offers, "about": about, "comments": comments}
        return render(request, "audits/request.html", context)

    def _offer(self, one: Any, record: Any) -> dict[str, Any]:
        changed = record.version != one.offered_version
        entries = changes_since(record, one.offered_at, self.request.user) if changed else []
        return {"offer": one, "record": record, "changed": changed, "entries": entries}

    def _actions(self, row: AuditRequest) -> list[Action]:
        user, url = self.request.user, f"{row.engagement.get_absolute_url()}requests/{row.pk}/"
        if row.state == RequestState.WITHDRAWN or row.engagement.state != "open":
            return []
        found = [Action(_("Comment"), f"{url}comment/", icon="message")]
        if policies.can_audit(user, row.engagement):
            found.append(Action(_("Withdraw"), f"{url}withdraw/", icon="x"))
            if row.state != RequestState.ASKED:
                found.append(Action(_("Accept or flag"), f"{url}answer/", icon="check", primary=True))
        if policies.may(user, "engagement.offer", row.engagement):
            found.append(Action(_("Offer a record"), f"{url}offer/", icon="plus", primary=True))
        return found


class RequestForm(RequestView, FormView):
    """A verb on a request."""

    template_name = "kit/act.html"

    def may(self, engagement: Engagement) -> str:
        return policies.can_audit(self.request.user, engagement)

    def allowed(self, record: Any) -> None:
        require(self.may(record))
        self.asked(record)

    def heading(self, record: Any) -> str:
        return f"{self.submit}: {self.asked(record).number}"

    def success_url(self, done: Any) -> str:
        return f"{self.get_record().get_absolute_url()}requests/{self.kwargs['pk']}/"


class RequestAnswer(RequestForm):
    """Is what was offered enough?"""

    form_class, submit = VerdictOnOfferForm, gettext_lazy("Accept or flag")

    def perform(self, record: Engagement, form: Any) -> Any:
        by: Any = self.request.user
        return services.answer_offer(self.asked(record), by=by, on=clock.today(), **form.data_for_service())


class RequestWithdraw(RequestForm):
    """It is not needed any more."""

    form_class, submit = ReasonForm, gettext_lazy("Withdraw the request")

    def perform(self, record: Engagement, form: Any) -> Any:
        by: Any = self.request.user
        row = self.asked(record)
        services.comment(row, by=by, words=form.cleaned_data["reason"], on=clock.today())
        return services.withdraw_request(row, by=by, on=clock.today())


class RequestComment(RequestForm):
    """Say something about it; both sides read it."""

    form_class, submit = CommentForm, gettext_lazy("Comment")

    def may(self, engagement: Engagement) -> str:
        return policies.can_comment(self.request.user, engagement)

    def perform(self, record: Engagement, form: Any) -> Any:
        by: Any = self.request.user
        return services.comment(self.asked(record), by=by, on=clock.today(), **form.data_for_service())


class RequestOffer(RequestForm):
    """Our side gives a record in answer."""

    form_class, submit = OfferForm, gettext_lazy("Offer a record")

    def may(self, engagement: Engagement) -> str:
        return policies.may(self.request.user, "engagement.offer", engagement)

    def perform(self, record: Engagement, form: Any) -> Any:
        by: Any = self.request.user
        return services.offer(self.asked(record), by=by, on=clock.today(), **form.data_for_service())
