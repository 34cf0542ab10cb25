"""Packs: the list, asking for one, its progress, its file."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aims import clock
from aims.errors import Hidden
from aims.registry import RecordTab, registry
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, Link
from aims.views.base import KindView
from aims.views.form import CreateView
from aims.views.jobs import job_card
from aims.views.record import RecordView
from aims.views.register import RegisterView
from evidence import policies, services, tables
from evidence.downloads import hand_out
from evidence.forms import PackForm
from evidence.models import EvidencePack
from evidence.services.packs import job_of
from evidence.views.evidence import digest_code


class PackView(KindView):
    model = EvidencePack


class PackList(PackView, RegisterView):
    """Which packs were built, of what, as of when?"""

    table = tables.PACK_TABLE
    lead = gettext_lazy("The records of a scope as they stood at a moment, as one PDF to hand to an auditor.")

    def actions(self) -> list[Action]:
        if not policies.can_ask_pack(self.request.user):
            return []
        return [Action(_("Build a pack"), "/packs/create/", icon="file-type-pdf", primary=True)]

    def empty(self) -> Empty:
        text = _("A pack gathers the Statement of Applicability, the AI systems and the evidence into one PDF.")
        return Empty(_("No pack yet"), text, clause="7.5", action=next(iter(self.actions()), None))


class PackCreate(PackView, CreateView):
    """Ask for a pack."""

    form_class = PackForm
    template_name = "evidence/evidencepack_form.html"
    submit = gettext_lazy("Build the pack")

    def heading(self, record: Any) -> str:
        return _("Build a pack")

    def allowed(self, record: Any) -> None:
        require(policies.can_ask_pack(self.request.user))

    def initial(self, record: Any) -> dict[str, Any]:
        user, today = self.request.user, date_format(timezone.localtime(clock.now()), "F Y")
        given = dict(self.request.GET.items())
        return {"title": _("Evidence, %(month)s") % {"month": today}, "unit": user.unit_id, **given}  # type: ignore[union-attr]

    def extra(self, record: Any) -> dict[str, Any]:
        return {"sections": sorted(registry.sections, key=lambda one: (one.order, one.id))}

    def perform(self, record: Any, form: Any) -> EvidencePack:
        given = form.cleaned_data
        return services.ask_pack(
            by=self.request.user, title=given["title"], unit=given["unit"], systems=given["systems"], at=clock.now()
        )


def pack_card(pack: EvidencePack, user: Any) -> dict[str, Any]:
    """The progress of a pack; cancel and retry only for those who may."""
    url = pack.get_absolute_url()
    label = _("The pack is ready") if pack.is_ready else _("Building the pack")
    card = job_card(job_of(pack), label, result_url=f"{url}download/", result_label=_("Download the PDF"))
    may = bool(policies.can_run_pack(user, pack))
    return {
        **card,
        "step": "" if pack.is_ready else card["step"],
        "error": pack.failure,
        "poll_url": f"{url}progress/?seen={pack.state}",
        "cancel_url": f"{url}cancel/" if may else "",
        "retry_url": f"{url}retry/" if may else "",
    }


class PackDetail(PackView, RecordView):
    """Is it ready, what is in it, is it the file I hold?"""

    summary_template = "evidence/evidencepack_detail.html"

    def rows(self) -> Any:
        return super().rows().select_related("asked_by", "job", "blob", "bag")

    def own_tabs(self) -> list[RecordTab]:
        return [tab for tab in super().own_tabs() if tab.kind != "*" or tab.id != "evidence"]

    def badges(self, record: Any) -> list[Badge]:
        return [tables.pack_badge(record)]

    def facts(self, record: Any) -> Sequence[tuple[Any, Sequence[Fact]]]:
        told = [
            Fact(pgettext("extent", "Scope"), record.scope_in_words(), wide=True),
            Fact(_("Records as they stood"), record.at),
            Fact(_("Asked for by"), record.asked_by, help=_("It shows what this person may see.")),
            Fact(_("Language"), record.get_language_display()),
        ]
        if not record.is_ready:
            return ((_("The pack"), told),)
        kept = [
            Fact(_("Pages"), record.pages),
            Fact(_("Size"), filesizeformat(record.blob.size)),
            Fact("SHA-256", digest_code(record.blob_id), wide=True, help=_("Compare it with the file you hold.")),
        ]
        if record.bag:
            kept += [
                Fact(
                    _("ZIP"), Link(record.bag_name, f"{record.get_absolute_url()}bag/"), help=_("With proofs, verifier")
                ),
                Fact(_("SHA-256 of the ZIP"), digest_code(record.bag_id), wide=True),
            ]
        return ((_("The pack"), told), (_("The file"), kept))

    def actions(self, record: Any) -> list[Action]:
        if not record.is_ready or record.bag_id is None:
            return []
        return [Action(_("Download the ZIP with proofs"), f"{record.get_absolute_url()}bag/", icon="download")]

    def extra(self, record: Any) -> dict[str, Any]:
        return {"job": pack_card(record, self.request.user)}


class PackProgress(PackView):
    """The progress card, asked for every second while the pack is built; the whole page when its state is another."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        pack = self.get_record()
        response = render(request, "kit/_progress.html", {"job": pack_card(pack, request.user)})
        if pack.state != request.GET.get("seen"):
            response["HX-Refresh"] = "true"
        return response


class PackCancel(PackView):
    """Take a pack back."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        pack = services.cancel_pack(self.get_record(), by=request.user, version=None)
        words = (
            _("The pack is cancelled.") if not pack.is_open else _("The pack stops after the chapter it is drawing.")
        )
        messages.success(request, words)
        return redirect(pack.get_absolute_url())


class PackRetry(PackView):
    """Build a failed or cancelled pack again."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        pack = services.retry_pack(self.get_record(), by=request.user, version=None)
        return redirect(pack.get_absolute_url())


class PackDownload(PackView):
    """The PDF."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponseBase:
        pack = self.get_record()
        if not pack.is_ready:
            raise Hidden
        return hand_out(request, pack, digest=pack.blob_id, name=pack.file_name, media_type="application/pdf")


class PackBag(PackView):
    """The ZIP: PDF, records with proofs, files of evidence, verifier."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponseBase:
        pack = self.get_record()
        if pack.bag_id is None:
            raise Hidden
        return hand_out(request, pack, digest=pack.bag_id, name=pack.bag_name, media_type="application/zip")
