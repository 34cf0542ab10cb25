"""Versions of documents: one of them with its words, and what brings it into force."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.errors import Hidden, NotPermitted, WrongState
from aims.forms import ReasonForm
from aims.services import require, unmet_checks
from aims.ui import Action, Crumb, Header
from aims.views.act import ActView
from aims.views.form import ChangeView
from evidence import policies, services, tables
from evidence.document_forms import ConfirmForm, VersionForm
from evidence.downloads import hand_out
from evidence.models import Document, DocumentVersion
from evidence.states import DOCUMENT_VERSION, PolicyElement, VersionState
from evidence.views.documents import DocumentView, version_facts
from organization.deciding import Decides

COPIED = ("text", *PolicyElement.values)


class VersionView(DocumentView):
    """Base: a version in the address, which the person may read."""

    def get_version(self, record: Document) -> DocumentVersion:
        rows = record.versions.select_related("document", "author", "approved_by", "blob")
        found: DocumentVersion | None = rows.filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Hidden
        if not policies.can_read_version(self.request.user, found):
            raise NotPermitted(_("This version is not in force. Your roles here do not include reading it."))
        return found


class VersionDetail(VersionView):
    """What does this version say, and does it hold?"""

    def get(self, request: HttpRequest, ref: str, number: int) -> HttpResponse:
        record = self.get_record()
        version = self.get_version(record)
        effective = record.versions.effective().first()
        header = Header(
            title=record.title,
            ref=record.ref,
            lead=version.name,
            badges=[tables.version_badge(version)],
            crumbs=self.crumbs(record),
            actions=self.actions(record, version) if asof.moment() is None else (),
        )
        context = {
            "header": header,
            "record": record,
            "version": version,
            "effective": effective,
            "before": effective if effective and version.is_open and not version.blob_id and effective.text else None,
            "facts": [("", version_facts(version))],
            "mark": tables.version_badge(version),
            "missing": version.missing_elements() if version.is_open else [],
        }
        return render(request, "evidence/documentversion_detail.html", context)

    def actions(self, record: Document, version: DocumentVersion) -> list[Action]:
        user, url, found = self.request.user, version.get_absolute_url(), []
        if version.blob_id:
            found.append(Action(_("Download"), f"{url}download/", icon="download"))
        if version.state == VersionState.DRAFT and policies.can_change_document(user, record):
            submit = Action(
                _("Send to review"), f"{url}submit/", method="post", icon="send", primary=True, version=record.version
            )
            found += [submit, Action(_("Change"), f"{url}change/", icon="pencil")]
        if version.state == VersionState.IN_REVIEW:
            if policies.can_approve_version(user, record) and version.author_id != user.pk:
                found.append(Action(_("Approve"), f"{url}approve/", icon="rubber-stamp", primary=True))
            if policies.can_send_back(user, record):
                found.append(Action(_("Send back"), f"{url}return/", icon="arrow-back-up"))
        if version.state == VersionState.APPROVED and policies.can_put_in_force(user, record):
            found.append(Action(_("Put in force"), f"{url}take-effect/", icon="certificate", primary=True))
        return found


class VersionDownload(VersionView):
    """The file of a version."""

    def get(self, request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
        record = self.get_record()
        version = self.get_version(record)
        if version.blob_id is None:
            raise Hidden
        name = version.file_name
        return hand_out(request, record, digest=version.blob_id, name=name, media_type=version.media_type)


class VersionForms(VersionView, ChangeView):
    """Base: the form of what a version says."""

    form_class = VersionForm
    template_name = "evidence/document_form.html"

    def allowed(self, record: Any) -> None:
        require(policies.can_change_document(self.request.user, record))

    def success_url(self, done: Any) -> str:
        return str(done.get_absolute_url())


class VersionCreate(VersionForms):
    """Begin the next version, from the words of the one in force."""

    submit = gettext_lazy("Save the draft")
    said = gettext_lazy("The draft is saved. What is in force stays until the new version takes effect.")

    def heading(self, record: Any) -> str:
        return _("New version of %(title)s") % {"title": record.title}

    def allowed(self, record: Any) -> None:
        super().allowed(record)
        if record.state == "withdrawn" or record.versions.open().exists():
            raise WrongState(_("A new version is being made already, or the document is withdrawn."))

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return VersionForm(instance=DocumentVersion(), user=self.request.user, document=record, **kwargs)

    def initial(self, record: Any) -> dict[str, Any]:
        last = record.versions.order_by("-number").first()
        return {name: getattr(last, name) for name in COPIED} if last else {}

    def perform(self, record: Any, form: Any) -> DocumentVersion:
        words, file = form.words_for_service(), form.cleaned_data["file"]
        return services.draft_version(
            record, by=self.request.user, words=words, file=file, version=self.version(form)
        )  # fmt: skip


class VersionChange(VersionForms):
    """Change a draft."""

    said = gettext_lazy("Saved.")

    def heading(self, record: Any) -> str:
        return _("Change version %(number)d of %(title)s") % {"title": record.title, "number": self.kwargs["number"]}

    def allowed(self, record: Any) -> None:
        super().allowed(record)
        if self.get_version(record).state != VersionState.DRAFT:
            raise WrongState(_("Only a draft can be changed. Send it back first, or begin the next version."))

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        version = self.get_version(record)
        return VersionForm(instance=version, user=self.request.user, document=record, **kwargs)

    def perform(self, record: Any, form: Any) -> DocumentVersion:
        words, file = form.words_for_service(), form.cleaned_data["file"]
        draft = self.get_version(record)
        return services.change_version(
            draft, by=self.request.user, words=words, file=file, version=self.version(form)
        )  # fmt: skip


class VersionSubmit(VersionView):
    """Say that a draft is ready to be judged."""

    def post(self, request: HttpRequest, ref: str, number: int) -> HttpResponse:
        version = self.get_version(self.get_record())
        text = request.POST.get("version", "")
        services.submit_version(version, by=request.user, version=int(text) if text.isdigit() else None)
        messages.success(request, _("It is in review. Somebody else approves it."))
        return redirect(version.get_absolute_url())


class VersionAct(VersionView, ActView):
    """Base: a verb on the version in the address."""

    state: ClassVar[str] = ""
    blocked: ClassVar[Any] = ""

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version}

    def allowed(self, record: Any) -> None:
        self.version_of = self.get_version(record)
        super().allowed(record)

    def extra(self, record: Any) -> dict[str, Any]:
        if self.version_of.state != self.state:
            return {"blocked": str(self.blocked)}
        return self.more(record)

    def more(self, record: Any) -> dict[str, Any]:
        """What the page says before one decides."""
        return {}

    def crumbs(self, record: Any = None) -> list[Crumb]:
        found = super().crumbs(record)
        return [*found, Crumb(self.version_of.name, self.version_of.get_absolute_url())] if record else found


class VersionReturn(VersionAct):
    """Give a version back to be written again."""

    form_class: ClassVar[type[Any]] = ReasonForm
    submit, said = gettext_lazy("Send back"), gettext_lazy("It is a draft again.")
    state, blocked = VersionState.IN_REVIEW, gettext_lazy("It is not in review.")

    def heading(self, record: Any) -> str:
        return _("Send back: %(title)s") % {"title": record.title}

    def may(self, record: Any) -> str:
        return policies.can_send_back(self.request.user, record)

    def perform(self, record: Any, form: Any) -> DocumentVersion:
        return services.send_back_version(
            self.version_of, by=self.request.user, reason=form.cleaned_data["reason"], version=self.version(form)
        )


class VersionApprove(Decides, VersionAct):
    """Is this version fit for its purpose? First what changes, then what is missing."""

    form_class: ClassVar[type[Any]] = ReasonForm
    template_name = "evidence/documentversion_approve.html"
    submit = gettext_lazy("Approve")
    said = gettext_lazy("Approved. Its content never changes from now on.")
    state, blocked = VersionState.IN_REVIEW, gettext_lazy("It is not in review.")

    def heading(self, record: Any) -> str:
        return _("Approve %(title)s") % {"title": record.title}

    def may(self, record: Any) -> str:
        return policies.can_approve_version(self.request.user, record)

    def allowed(self, record: Any) -> None:
        if self.get_version(record).author_id == self.request.user.pk:
            raise NotPermitted(_("Who wrote it does not approve it."))
        super().allowed(record)

    def more(self, record: Any) -> dict[str, Any]:
        version = self.version_of
        effective = record.versions.effective().first()
        unmet = unmet_checks(version, DOCUMENT_VERSION.name, "approve")
        said = [(version.says(one), one.label) for one in PolicyElement] if version.is_policy else []
        return {
            "doc_version": version,
            "before": effective if effective and effective.text and version.text else None,
            "checks": said,
            "blocked": _("It says less than clause 5.2 asks for. Send it back.") if unmet else "",
        }

    def perform(self, record: Any, form: Any) -> DocumentVersion:
        reason = form.cleaned_data["reason"]
        return services.approve_version(
            self.version_of, by=self.request.user, reason=reason, at=clock.now(), version=self.version(form)
        )


class VersionTakeEffect(Decides, VersionAct):
    """Put an approved version in force."""

    form_class: ClassVar[type[Any]] = ConfirmForm
    submit, said = gettext_lazy("Put in force"), gettext_lazy("It is in force. Who should know it is asked to read it.")
    state, blocked = VersionState.APPROVED, gettext_lazy("It is not approved, or in force already.")

    def heading(self, record: Any) -> str:
        return _("Put in force: %(title)s") % {"title": record.title}

    def may(self, record: Any) -> str:
        return policies.can_put_in_force(self.request.user, record)

    def more(self, record: Any) -> dict[str, Any]:
        said = [_("The version in force now is superseded and kept as it is."), _("The next review is scheduled.")]
        anew = self.version_of.material or not record.read_from
        asked = _("Everybody who is meant to read it is asked to.") if anew else _("Nobody is asked to read it again.")
        return {"consequences": [*said, asked]}

    def perform(self, record: Any, form: Any) -> DocumentVersion:
        return services.put_in_force(
            self.version_of, by=self.request.user, at=clock.now(), on=clock.today(), version=self.version(form)
        )
