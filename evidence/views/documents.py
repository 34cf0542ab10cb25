"""Controlled documents: the register, one of them, its versions, who read it; drafting and withdrawing one."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock, exports
from aims.errors import WrongState
from aims.forms import ReasonForm
from aims.registry import RecordTab
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, HeadCell, Link, Register, Row, Tab
from aims.views.act import ActView
from aims.views.base import KindView
from aims.views.form import ChangeView, CreateView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from evidence import policies, services, tables
from evidence.document_forms import DocumentForm, NewDocumentForm
from evidence.models import Document, DocumentVersion
from evidence.readers import has_read, readers_of
from evidence.states import AUDIENCE_ROLES, Audience, DocumentState, PolicyElement
from evidence.views.evidence import digest_code
from organization.deciding import Decides


class DocumentView(KindView):
    model = Document

    def rows(self) -> Any:
        return super().rows().with_current()


class DocumentList(DocumentView, RegisterView):
    """What is in force, since when, and who answers for it?"""

    table = tables.DOCUMENT_TABLE
    lead = gettext_lazy("Policies, procedures and plans: which version is in force, and who is asked to read it.")

    def actions(self) -> list[Action]:
        if not policies.can_write_document(self.request.user, None):
            return []
        return [Action(_("Add a document"), "/documents/create/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _("Begin with the AI policy: top management approves it, and everybody reads it.")
        return Empty(_("No document yet"), text, clause="5.2", action=next(iter(self.actions()), None))


class DocumentDetail(DocumentView, RecordView):
    """What holds, and since when?"""

    summary_template = "evidence/document_detail.html"

    def badges(self, record: Any) -> list[Badge]:
        return [state_badge(record)]

    def actions(self, record: Document) -> list[Action]:
        user, url, found = self.request.user, record.get_absolute_url(), []
        coming = self.coming(record)
        if policies.can_acknowledge(user, record) and not has_read(record, user):
            found.append(Action(_("Read it"), f"{url}read/", icon="eye", primary=True))
        if record.state != DocumentState.WITHDRAWN and policies.can_change_document(user, record):
            if coming is None:
                found.append(Action(_("New version"), f"{url}draft/", icon="plus", primary=not found))
            found.append(Action(_("Change"), f"{url}change/", icon="pencil"))
        if record.state != DocumentState.WITHDRAWN and policies.can_withdraw_document(user, record):
            found.append(Action(_("Withdraw"), f"{url}withdraw/", icon="ban"))
        return found

    def coming(self, record: Document) -> DocumentVersion | None:
        """The version on its way into force, where the person may read it."""
        found: DocumentVersion | None = record.versions.open().select_related("document").first()
        return found if found and policies.can_read_version(self.request.user, found) else None

    def facts(self, record: Document) -> Sequence[tuple[Any, Sequence[Fact]]]:
        current = record.current[0] if record.current else None  # type: ignore[attr-defined]
        kept = [
            Fact(_("Kind"), record.get_sort_display()),
            Fact(_("Unit"), record.unit.name),
            Fact(_("Owner"), record.owner),
            Fact(_("Who reads it"), audience_in_words(record)),
            *([Fact(_("Published by"), record.source)] if record.source else []),
            Fact(_("Review due"), record.due_on, missing=_("When it comes into force")),
            Fact(_("Old versions are kept"), _("%(years)d years") % {"years": record.kept_years}),
            Fact(_("Confidentiality"), record.get_confidentiality_display()),
        ]
        return ((_("In force"), version_facts(current)), (_("How it is kept"), kept)) if current else (
            (_("How it is kept"), kept),
        )  # fmt: skip

    def extra(self, record: Document) -> dict[str, Any]:
        current = record.versions.effective().first()
        return {"current": current, "coming": self.coming(record)}

    def tabs(self, record: Any, current: str) -> list[Tab]:
        found = super().tabs(record, current)
        shown = policies.can_see_readers(self.request.user, record) and record.audience != Audience.NOBODY
        return [tab for tab in found if shown or tab.id != "readers"]


def audience_in_words(document: Document) -> str:
    """Who is asked to read it."""
    if document.audience != Audience.ROLES:
        return document.get_audience_display()
    names = {role.value: str(role.label) for role in AUDIENCE_ROLES}
    return ", ".join(names[role] for role in document.roles)


def version_facts(version: DocumentVersion) -> list[Fact]:
    """What stands about a version beside its words."""
    said = [
        Fact(str(element.label), getattr(version, element.value), missing=_("Not marked yet"), wide=True)
        for element in PolicyElement
        if version.is_policy
    ]
    return [
        Fact(_("Version"), Link(version.name, version.get_absolute_url())),
        Fact(_("Author"), version.author),
        Fact(_("Approved by"), version.approved_by, missing=_("Nobody yet")),
        Fact(_("Approved"), version.approved_at, missing=_("Not yet")),
        Fact(_("In force since"), version.effective_at, missing=_("Not yet")),
        *([Fact(_("In force until"), version.ended_at)] if version.ended_at else []),
        Fact("SHA-256", digest_code(version.sha256), wide=True),
        Fact(_("What changed"), version.changes, missing=_("Not stated"), wide=True),
        *said,
    ]


def versions_tab(request: Any, record: Any) -> Mapping[str, Any]:
    """Every version that the person may read, the newest first."""
    rows = record.versions.select_related("author", "approved_by", "document").defer("text")
    shown = [one for one in rows.order_by("-number") if policies.can_read_version(request.user, one)]
    head = (_("Version"), _("State"), _("Author"), _("Approved by"), _("In force since"), _("In force until"))
    register = Register(
        head=[HeadCell(str(n), label) for n, label in enumerate(head)],
        rows=[
            Row(
                cells=[
                    one.name,
                    tables.version_badge(one),
                    one.author,
                    one.approved_by,
                    one.effective_at,
                    one.ended_at,
                ],
                url=one.get_absolute_url(),
            )
            for one in shown
        ],
        total=len(shown),
        caption=_("Versions"),
        empty=None
        if shown
        else Empty(_("No version is in force"), _("Drafts show to those who write and judge them.")),
    )
    return {"register": register}


def readers_tab(request: Any, record: Any) -> Mapping[str, Any]:
    """Who is asked to read it, who has and who has not, by unit."""
    require(policies.can_see_readers(request.user, record))
    people = list(readers_of(record, on=asof.day()).order_by("unit__name", F("read_at").asc(nulls_first=True), "name"))
    done = sum(one.read_at is not None for one in people)
    register = Register(
        head=[HeadCell(str(n), label) for n, label in enumerate((_("Person"), _("Job title"), _("Read")))],
        rows=[Row(cells=[one, one.job_title, _read(one)], group=one.unit.name) for one in people],
        total=len(people),
        caption=_("Who reads it"),
        exports=[Link(form.upper(), f"{record.get_absolute_url()}readers/export/?format={form}") for form in FORMATS],
        empty=None if people else Empty(_("Nobody is asked"), _("Nothing is in force, or nobody is meant to read it.")),
    )
    return {"register": register, "done": done, "all": len(people)}


FORMATS = ("csv", "xlsx")


def _read(person: Any) -> Any:
    return person.read_at or Badge(_("Not yet"), "warn")


class ReadersExport(DocumentView):
    """Who has read it and who has not, as a file."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse | HttpResponseBase:
        record = self.get_record()
        require(policies.can_see_readers(request.user, record))
        people = readers_of(record, on=asof.day()).order_by("unit__name", "name")
        head = [_("Person"), _("E-mail"), _("Job title"), _("Unit"), _("Read")]
        rows = ([one.name, one.email, one.job_title, one.unit.name, one.read_at] for one in people)
        write = exports.xlsx_response if request.GET.get("format") == "xlsx" else exports.csv_response
        return write(f"{record.ref}-readers", [str(label) for label in head], rows)


VERSIONS = RecordTab("document", "versions", gettext_lazy("Versions"), "kit/record.html", versions_tab, order=10)
READERS = RecordTab(
    "document", "readers", gettext_lazy("Readers"), "evidence/document_readers.html", readers_tab, order=20
)


class DocumentCreate(DocumentView, CreateView):
    """Begin a document with the draft of its first version."""

    form_class = NewDocumentForm
    template_name = "evidence/document_form.html"
    submit = gettext_lazy("Save the draft")
    said = gettext_lazy("The draft is saved. Send it to review when it is ready.")

    def heading(self, record: Any) -> str:
        return _("Add a document")

    def allowed(self, record: Any) -> None:
        require(policies.can_write_document(self.request.user, None))

    def initial(self, record: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return {"unit": user.unit_id, "owner": user.email, **self.request.GET.dict()}

    def perform(self, record: Any, form: Any) -> DocumentVersion:
        given = form.cleaned_data
        made = services.draft_document(
            by=self.request.user, data=form.data_for_service(), words={"text": given["text"]}, file=given["file"]
        )
        return made.versions.select_related("document").get()


class DocumentChange(DocumentView, ChangeView):
    """Change what is said about a document; its words have versions."""

    form_class = DocumentForm
    said = gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_document(self.request.user, record))
        if record.state == DocumentState.WITHDRAWN:
            raise WrongState(_("This document is withdrawn. A new one takes its place."))

    def perform(self, record: Any, form: Any) -> Document:
        return services.change_document(
            record, by=self.request.user, data=form.data_for_service(), version=self.version(form)
        )


class DocumentWithdraw(Decides, DocumentView, ActView):
    """Take a document out of force without a successor."""

    form_class: ClassVar[type[Any]] = ReasonForm
    submit = gettext_lazy("Withdraw")
    said = gettext_lazy("The document is withdrawn. Nobody is asked to read it any more.")

    def heading(self, record: Any) -> str:
        return _("Withdraw %(title)s") % {"title": record.title}

    def may(self, record: Any) -> str:
        return policies.can_withdraw_document(self.request.user, record)

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version}

    def extra(self, record: Any) -> dict[str, Any]:
        if record.state == DocumentState.WITHDRAWN:
            return {"blocked": _("It is withdrawn already.")}
        said = [
            _("Nothing takes its place. To change it, begin a new version instead."),
            _("Its versions are kept, and show to those who keep and audit documents."),
        ]
        return {"danger": True, "consequences": said}

    def perform(self, record: Any, form: Any) -> Document:
        return services.withdraw_document(
            record, by=self.request.user, reason=form.cleaned_data["reason"], at=clock.now(), version=self.version(form)
        )
