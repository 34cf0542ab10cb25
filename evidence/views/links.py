"""Linking evidence to records, from either side; and the evidence tab that every record has."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aims import asof
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.models import Record
from aims.services import require
from aims.ui import Badge
from aims.views.base import PageView
from aims.views.form import FormView
from evidence import policies, services, tables
from evidence.forms import AttachForm, LinkRecordForm
from evidence.freshness import COUNTS_FOR
from evidence.models import EvidenceItem, EvidenceLink, EvidenceRequest
from evidence.views.evidence import EvidenceView


def evidence_tab(request: Any, record: Any) -> Mapping[str, Any]:
    """The evidence of a record of any kind, as far as the person sees it, and the two ways to add some."""
    seen = EvidenceItem.objects.visible_to(request.user)
    links = EvidenceLink.objects.filter(record_id=record.pk, item__in=seen)
    # Some kinds say for how long evidence about them counts.
    links = links.with_freshness(on=asof.day(), days=getattr(record, "counts_for", COUNTS_FOR))
    links = links.select_related("item__collector", "item__blob").order_by("item__state", "-item__received_at")
    requests = EvidenceRequest.objects.visible_to(request.user).open().filter(record=record.pk)
    may_add = bool(policies.can_add_evidence(request.user, None))
    return {
        "linked": [(link, _badges(link)) for link in links],
        "requests": requests.select_related("owner").order_by("due_on", "pk"),
        "may_add": may_add,
        "may_request": bool(policies.can_request_evidence(request.user, record.unit_id)),
        "attach": AttachForm(user=request.user) if may_add else None,
    }


def _badges(link: EvidenceLink) -> list[Badge]:
    """Whether a result met its threshold, whether it is accepted, and how fresh it is for this record."""
    item = link.item
    fresh = tables.link_badge(link) if item.is_current else tables.state_badge(item)
    found = [tables.result_badge(item), tables.accepted_badge(item), tables.backdated_badge(item), fresh]
    return [badge for badge in found if isinstance(badge, Badge)]


def evidence_count(request: Any, record: Any) -> int:
    """How much evidence of a record the person sees."""
    items = EvidenceItem.objects.visible_to(request.user)
    return int(EvidenceLink.objects.filter(record_id=record.pk, item__in=items).count())


class AttachEvidence(PageView):
    """Link evidence that is there already to the record whose tab the person is on."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = Record.objects.visible_to(request.user).called(ref.upper()).first()
        if record is None:
            raise Hidden
        form = AttachForm(request.POST, user=request.user)
        if form.is_valid():
            self.attach(form.cleaned_data["evidence"], record, form.cleaned_data["proves"])
        else:
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(f"{record.get_absolute_url()}evidence/")

    def attach(self, item: EvidenceItem, record: Record, proves: str) -> None:
        try:
            services.link_evidence(item, by=self.request.user, record=record, proves=proves)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, _("%(ref)s is linked.") % {"ref": item.ref})


class LinkCreate(EvidenceView, FormView):
    """Say for which record this evidence speaks."""

    form_class = LinkRecordForm
    submit = pgettext_lazy("verb", "Link")
    said = gettext_lazy("Linked.")

    def heading(self, record: Any) -> str:
        return _("Link %(title)s to a record") % {"title": record.title}

    def allowed(self, record: Any) -> None:
        require(policies.can_link_evidence(self.request.user, record))

    def perform(self, record: Any, form: Any) -> EvidenceItem:
        for target in form.cleaned_data["record"]:
            services.link_evidence(record, by=self.request.user, record=target, **form.said())
        return record  # type: ignore[no-any-return]


class LinkRemove(EvidenceView, FormView):
    """Undo a link, with the reason."""

    form_class: ClassVar[type[Any]] = ReasonForm
    template_name = "kit/act.html"
    submit = gettext_lazy("Remove link")
    said = gettext_lazy("The link is removed.")

    def heading(self, record: Any) -> str:
        return _("Remove the link to %(ref)s") % {"ref": self.link(record).record.ref}

    def link(self, record: Any) -> EvidenceLink:
        """The link in the address; one to a record that does not show does not exist."""
        seen = Record.objects.visible_to(self.request.user)
        found = EvidenceLink.objects.filter(item=record, pk=self.kwargs["number"], record__in=seen)
        link = found.select_related("record").first()
        if link is None:
            raise Hidden
        return link

    def allowed(self, record: Any) -> None:
        self.link(record)
        require(policies.can_link_evidence(self.request.user, record))

    def perform(self, record: Any, form: Any) -> EvidenceItem:
        services.unlink_evidence(self.link(record), by=self.request.user, reason=form.cleaned_data["reason"])
        return record  # type: ignore[no-any-return]
