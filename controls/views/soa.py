"""Versions of the Statement of Applicability: the list, one version, what differs, what is wrong, deciding, exports."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.access import access_of
from aims.errors import Hidden, WrongState
from aims.models import Record
from aims.registry import RecordTab
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, Link
from aims.views.base import KindView
from aims.views.form import FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from controls import differences, files, lints, policies, services
from controls.content import document
from controls.forms import ApproveForm, DeclineForm, SubmitForm, TakeForm, WhyForm
from controls.models import SoaProposal, SoaVersion
from controls.states import PROPOSAL_TONES, ProposalState, SoaState
from controls.tables import VERSIONS
from organization.deciding import Deciding


class SoaView(KindView):
    model = SoaVersion

    def rows(self) -> Any:
        return super().rows().select_related("unit", "owner", "scope__unit", "submitted_by", "approved_by")


class SoaList(SoaView, RegisterView):
    """Which version is in force, which is being written, what came before?"""

    table = VERSIONS
    lead = gettext_lazy(
        "An approved version never changes. The next draft opens by itself when something calls for it."
    )

    def title(self) -> str:
        return _("Versions of the Statement of Applicability")

    def empty(self) -> Empty:
        text = _("Open the statements first; the first version is then a draft until it is approved.")
        return Empty(title=_("There is no version yet"), text=text, clause="6.1.3 f)")


def content_of(soa: SoaVersion) -> dict[str, Any]:
    """What the version says: frozen, or as the statements stand."""
    return soa.frozen or document(soa)


def predecessor(soa: SoaVersion, user: Any) -> SoaVersion | None:
    """The latest approved version before this one."""
    rows = SoaVersion.objects.visible_to(user).of_scope(soa.scope).filter(number__lt=soa.number).exclude(content="")
    found: SoaVersion | None = rows.order_by("-number").first()
    return found


class SoaDetail(SoaView, RecordView):
    """What does this version say, who approved it, on what does it rest?"""

    summary_template = "controls/soaversion_detail.html"

    def lead(self, record: SoaVersion) -> str:
        return record.opened_for

    def actions(self, record: SoaVersion) -> list[Action]:
        url, user = record.get_absolute_url(), self.request.user
        if record.state == SoaState.DRAFT and policies.can_submit_soa(user, record):
            return [
                Action(_("Edit all rows"), f"/statements/grid/?scope={record.scope.ref}", icon="grid-dots"),
                Action(_("Submit for approval"), f"{url}submit/", primary=True),
            ]
        if record.state != SoaState.IN_REVIEW:
            return []
        found = []
        if policies.can_return_soa(user, record):
            found.append(Action(_("Return"), f"{url}return/"))
        if policies.can_approve_soa(user, record):
            found.append(Action(_("Approve"), f"{url}approve/", icon="rubber-stamp", primary=True))
        return found

    def strip(self, record: SoaVersion) -> Sequence[Fact]:
        return [
            *([Fact(_("Scope"), record.scope)] if access_of(self.request.user).sees(record.scope) else []),
            Fact(_("Submitted by"), record.submitted_by, missing=_("Not submitted yet")),
            Fact(_("Approved by"), record.approved_by, missing=_("Not approved yet")),
            Fact(_("Approved"), record.approved_at, missing=_("Not approved yet")),
        ]

    def extra(self, record: SoaVersion) -> dict[str, Any]:
        said = content_of(record)
        forms = [
            Link(str(label), f"{record.get_absolute_url()}download/{form}/") for form, label in files.FORMS.items()
        ]
        return {
            "lines": shown(said["lines"]),
            "counts": files.counts(said["lines"]),
            "rests_on": said["rests_on"],
            "downloads": forms if asof.moment() is None else [],
        }


def shown(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines with their words and badges."""
    return [{**line, **files.words(line)} for line in lines]


def differences_tab(request: HttpRequest, soa: SoaVersion) -> dict[str, Any]:
    """This version against the approved one before it, or any other of the scope that `with` names."""
    others = SoaVersion.objects.visible_to(request.user).of_scope(soa.scope).exclude(pk=soa.pk).order_by("-number")
    named = request.GET.get("with", "")
    other = others.filter(ref=named.upper()).first() if named else predecessor(soa, request.user)
    if named and other is None:
        raise Hidden
    return {"others": list(others), "other": other, "changes": changed(other, soa) if other is not None else []}


def changed(before: SoaVersion, after: SoaVersion) -> list[differences.LineChange]:
    """What differs, the earlier version first whichever was asked for."""
    first, second = sorted((before, after), key=lambda one: one.number)
    return differences.compare(content_of(first)["lines"], content_of(second)["lines"])


def lints_tab(request: HttpRequest, soa: SoaVersion) -> dict[str, Any]:
    """What blocks the approval and what is worth a look; a decided version keeps what it was."""
    if not soa.is_open or asof.moment() is not None:
        return {"findings": [], "closed": True}
    found = lints.findings(lints.draft_of(soa.scope, request.user, clock.today(), thorough=True))
    return {"findings": found, "blocking": sum(one.blocking for one in found), "closed": False}


def proposals_tab(request: HttpRequest, soa: SoaVersion) -> dict[str, Any]:
    """What calls for a change; records that the reader does not see are not named."""
    rows = soa.proposals.select_related("statement__control", "noted_by", "answered_by", "record")
    may = bool(policies.can_answer_proposal(request.user, soa)) and soa.state == SoaState.DRAFT
    seen = set(Record.objects.visible_to(request.user).filter(called_for_by__soa=soa).values_list("pk", flat=True))
    told = [
        (row, Badge(row.get_state_display(), PROPOSAL_TONES[row.state]), row.record if row.record_id in seen else None)
        for row in rows
    ]
    return {"rows": told, "may": may and asof.moment() is None}


def _waiting(request: HttpRequest, soa: SoaVersion) -> int:
    return soa.proposals.open().count()


TABS = (
    RecordTab("soa", "differences", gettext_lazy("Differences"), "controls/soaversion_differences.html", differences_tab, order=10),
    RecordTab("soa", "lints", gettext_lazy("Checks"), "controls/soaversion_lints.html", lints_tab, order=11),
    RecordTab(
        "soa", "proposals", gettext_lazy("Proposed"), "controls/soaversion_proposals.html", proposals_tab, _waiting, order=12
    ),
)  # fmt: skip


class SoaAct(SoaView, FormView):
    """One verb on one version."""

    template_name = "kit/act.html"

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        """The form once more with what was typed, after somebody acted in between (412)."""
        form.data = form.data.copy()
        form.data["version"] = stale.extra["current"].version
        form.add_error(None, str(stale.detail))
        return self.page(self.get_record(), form, status=412)


class SoaSubmit(SoaAct):
    """Ask for approval."""

    form_class, submit = SubmitForm, gettext_lazy("Submit for approval")
    said = gettext_lazy("Submitted. Another person decides now.")

    def allowed(self, record: Any) -> None:
        require(policies.can_submit_soa(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Submit %(title)s") % {"title": record.title}

    def extra(self, record: SoaVersion) -> dict[str, Any]:
        if record.state != SoaState.DRAFT:
            return {"blocked": _("This version was submitted already.")}
        found = lints.findings(lints.draft_of(record.scope, self.request.user, clock.today(), thorough=True))
        blocking = [(False, one.sentence) for one in found if one.blocking]
        said = _("Decisions stay as they are until it is approved or returned.")
        return {"checks": blocking or [(True, _("Every control is decided and justified."))], "consequences": [said]}

    def perform(self, record: SoaVersion, form: Any) -> SoaVersion:
        by: Any = self.request.user
        reason, now = form.cleaned_data["reason"], clock.now()
        return services.submit_soa(record, by=by, at=now, on=clock.today(), version=self.version(form), reason=reason)


class SoaReturn(SoaAct):
    """Send it back with the reason."""

    form_class, submit, said = WhyForm, gettext_lazy("Return"), gettext_lazy("Returned to its keeper.")

    def allowed(self, record: Any) -> None:
        require(policies.can_return_soa(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Return %(title)s") % {"title": record.title}

    def extra(self, record: SoaVersion) -> dict[str, Any]:
        return {} if record.state == SoaState.IN_REVIEW else {"blocked": _("It is not in review.")}

    def perform(self, record: SoaVersion, form: Any) -> SoaVersion:
        by: Any = self.request.user
        return services.return_soa(record, by=by, reason=form.cleaned_data["reason"], version=self.version(form))


class SoaApprove(Deciding, SoaAct):
    """Does this Statement hold? First what changed since the version in force."""

    form_class, submit, said = ApproveForm, gettext_lazy("Approve"), gettext_lazy("This version is in force.")
    template_name = "controls/soaversion_approve.html"

    def allowed(self, record: Any) -> None:
        require(policies.can_approve_soa(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Approve %(title)s") % {"title": record.title}

    def extra(self, record: SoaVersion) -> dict[str, Any]:
        if record.state != SoaState.IN_REVIEW:
            return {"blocked": _("It is not in review.")}
        before = predecessor(record, self.request.user)
        found = lints.findings(lints.draft_of(record.scope, self.request.user, clock.today(), thorough=True))
        return {
            "other": before,
            "changes": changed(before, record) if before is not None else [],
            "counts": files.counts(content_of(record)["lines"]),
            "findings": found,
            "return_url": f"{record.get_absolute_url()}return/",
        }

    def perform(self, record: SoaVersion, form: Any) -> SoaVersion:
        by: Any = self.request.user
        return services.approve_soa(
            record, by=by, reason=form.cleaned_data["reason"], at=clock.now(), on=clock.today(),
            version=self.version(form), override=form.override(),
        )  # fmt: skip


class ProposalAct(SoaAct):
    """Answer one proposal."""

    def proposal(self, record: SoaVersion) -> SoaProposal:
        found: SoaProposal | None = record.proposals.filter(pk=self.kwargs["number"]).first()
        if found is None:
            raise Hidden
        if found.state != ProposalState.OPEN:
            raise WrongState(_("Somebody answered this already."))
        return found

    def allowed(self, record: Any) -> None:
        require(policies.can_answer_proposal(self.request.user, record))
        self.proposal(record)

    def heading(self, record: Any) -> str:
        return str(self.proposal(record).statement.control)

    def extra(self, record: SoaVersion) -> dict[str, Any]:
        return {"consequences": [self.proposal(record).reason]}

    def success_url(self, done: Any) -> str:
        return f"{self.get_record().get_absolute_url()}proposals/"


class ProposalTake(ProposalAct):
    """Include the control as proposed."""

    form_class, submit, said = TakeForm, gettext_lazy("Take it over"), gettext_lazy("Taken over.")

    def initial(self, record: Any) -> dict[str, Any]:
        proposal = self.proposal(record)
        seen = access_of(self.request.user).sees(proposal.statement)
        return {"reason": (seen and proposal.statement.justification) or proposal.reason}

    def perform(self, record: SoaVersion, form: Any) -> Any:
        by: Any = self.request.user
        return services.take_proposal(self.proposal(record), by=by, justification=form.cleaned_data["reason"])


class ProposalDecline(ProposalAct):
    """Leave the statement as it is."""

    form_class, submit, said = DeclineForm, gettext_lazy("Decline"), gettext_lazy("Declined.")

    def perform(self, record: SoaVersion, form: Any) -> Any:
        by: Any = self.request.user
        return services.decline_proposal(self.proposal(record), by=by, reason=form.cleaned_data["reason"])


class SoaDownload(SoaView):
    """The version as a file: PDF, XLSX, CSV, or the canonical JSON whose digest was kept."""

    def get(self, request: HttpRequest, ref: str, form: str) -> HttpResponse | HttpResponseBase:
        record = self.get_record()
        if form not in files.FORMS:
            raise Hidden
        return files.made(form, record, content_of(record))
