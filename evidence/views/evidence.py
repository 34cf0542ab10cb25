"""The register of evidence, one piece of it, and its forms."""

from collections.abc import Sequence
from typing import Any, ClassVar

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aims import asof, clock, consistency
from aims.errors import Hidden, WrongState
from aims.forms import ReasonForm
from aims.models import Record
from aims.registry import RecordTab
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, Link
from aims.views.base import KindView
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from evidence import policies, sections, services, tables
from evidence.consistency import RULES
from evidence.downloads import hand_out
from evidence.forms import AttestForm, EvidenceForm, FileForm, LinkForm, RedactForm, ResultForm
from evidence.models import Attestation, EvidenceItem, EvidenceLink, EvidenceRequest
from evidence.scores import scores
from evidence.states import Comparator, EvidenceKind
from evidence.uploads import SHOWN
from organization.deciding import confirmed

FORMS: dict[str, Any] = {"file": FileForm, "link": LinkForm, "result": ResultForm}
WAYS = (
    ("file", gettext_lazy("Upload a file"), "upload"),
    ("link", gettext_lazy("Link to an address"), "link"),
    ("result", gettext_lazy("Enter a measured result"), "chart-line"),
)


class EvidenceView(KindView):
    model = EvidenceItem


class EvidenceList(EvidenceView, RegisterView):
    """What shows that things are as we say, and does it still hold?"""

    table = tables.EVIDENCE_TABLE
    lead = gettext_lazy(
        "What shows that things are as recorded: who collected it, for which period, and until when it counts."
    )

    def actions(self) -> list[Action]:
        if not policies.can_add_evidence(self.request.user, None):
            return []
        return [Action(_("Add evidence"), "/evidence/create/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _("A file, a link or a measured result, with what it proves. Records without evidence are only claims.")
        return Empty(_("No evidence yet"), text, clause="7.5", action=next(iter(self.actions()), None))


class EvidenceDetail(EvidenceView, RecordView):
    """What does this prove, where does it come from, is it still what was received?"""

    summary_template = "evidence/evidenceitem_detail.html"

    def rows(self) -> Any:
        return super().rows().select_related("collector", "blob", "supersedes", "superseded_by")

    def own_tabs(self) -> list[RecordTab]:
        return [tab for tab in super().own_tabs() if tab.kind != "*" or tab.id != "evidence"]

    def badges(self, record: Any) -> list[Badge]:
        found = [
            tables.state_badge(record),
            tables.accepted_badge(record),
            tables.freshness_badge(record),
            tables.result_badge(record),
            tables.backdated_badge(record),
        ]
        return [badge for badge in found if isinstance(badge, Badge)]

    def actions(self, record: Any) -> list[Action]:
        user, url, found = self.request.user, record.get_absolute_url(), []
        if record.blob_id:
            found.append(Action(_("Download"), f"{url}download/", icon="download", primary=True))
        if policies.can_attest_evidence(user, record):
            found.append(Action(_("Attest"), f"{url}attest/", icon="rubber-stamp", primary=not record.blob_id))
        if policies.can_link_evidence(user, record):
            found.append(Action(_("Link to a record"), f"{url}link/", icon="link"))
        if policies.can_change_evidence(user, record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil"))
            found.append(Action(_("Replace"), f"{url}replace/?way={record.form}", icon="refresh"))
        if record.is_current and record.blob_id and policies.can_redact_evidence(user, record):
            found.append(Action(_("Add a redacted copy"), f"{url}redact/", icon="eye-off"))
        if record.is_current and policies.can_withdraw_evidence(user, record):
            found.append(Action(_("Withdraw"), f"{url}withdraw/", icon="ban"))
        return found

    def facts(self, record: Any) -> Sequence[tuple[Any, Sequence[Fact]]]:
        unsaid = _("Not stated yet")
        return (
            (_("What it proves"), [Fact(_("Proves"), record.proves, wide=True), *_content_facts(record)]),
            (
                _("Where it comes from"),
                [
                    Fact(_("Collected by"), record.collector),
                    Fact(_("Collected on, as claimed"), record.collected_on, missing=unsaid),
                    Fact(_("Received"), record.received_at, help=_("by the clock of this installation")),
                    Fact(_("Period"), _period(record), missing=unsaid),
                    Fact(_("How it was collected"), record.method, missing=unsaid, wide=True),
                    Fact(_("Population or sample"), record.population, missing=unsaid, wide=True),
                ],
            ),
            (
                _("How it is kept"),
                [
                    Fact(_("Valid until"), record.expires_on, missing=_("Without end of its own")),
                    Fact(_("Counts until"), record.good_until(), missing=_("Undated: say for which days it speaks")),
                    Fact(_("Accepted by"), record.accepted_by, missing=_("Nobody attested it yet")),
                    Fact(_("Unit"), record.unit.name),
                    Fact(_("Owner"), record.owner),
                    Fact(_("Confidentiality"), record.get_confidentiality_display()),
                    *_chain_facts(record, self.request.user),
                ],
            ),
        )

    def extra(self, record: Any) -> dict[str, Any]:
        links = EvidenceLink.objects.filter(item=record, record__in=Record.objects.visible_to(self.request.user))
        return {
            "links": _links(links, record),
            "scores": scores(record, asof.day()),
            "attestations": _attestations(record, self.request.user),
            "wrong": _contradictions(record, self.request.user),
            "may_link": bool(policies.can_link_evidence(self.request.user, record)),
            "picture": record.media_type in SHOWN,
            "groups": (record.result or {}).get("groups", ()),
        }


def _links(links: Any, item: EvidenceItem) -> list[Any]:
    """Each link with how fresh the evidence is for it and how strong it looks from there."""
    rows = links.with_freshness(on=asof.day()).select_related("record").order_by("record__kind", "record__ref")
    return [(link, tables.link_badge(link), scores(item, asof.day(), link)) for link in rows]


def _attestations(item: EvidenceItem, user: Any) -> Any:
    """Who judged it; those about a record that does not show are left out."""
    seen = Record.objects.visible_to(user)
    rows = Attestation.objects.filter(item=item).filter(Q(record=None) | Q(record__in=seen))
    return rows.select_related("attested_by", "record")


def _contradictions(item: EvidenceItem, user: Any) -> list[Any]:
    """What the rules of consistency say about this evidence."""
    if not item.is_current:
        return []
    found = consistency.findings(user, on=asof.day(), rules=RULES)
    return [one for one in found if item.pk in (one.record.pk, *one.breach.also)]


def _content_facts(item: EvidenceItem) -> list[Fact]:
    if item.form == EvidenceKind.FILE:
        size = filesizeformat(item.blob.size) if item.blob else ""
        return [
            Fact(_("File"), Link(item.file_name, f"{item.get_absolute_url()}download/")),
            Fact(_("Type and size"), f"{item.media_type}, {size}"),
            Fact("SHA-256", digest_code(item.blob_id or ""), wide=True),
        ]
    if item.form == EvidenceKind.LINK:
        return [Fact(_("Address"), Link(item.url, item.url), wide=True)]
    return _result_facts(item.result or {}, item)


def digest_code(digest: str) -> SafeString:
    """A digest in letters of one width."""
    return format_html("<code>{}</code>", digest)


def _result_facts(result: dict[str, Any], item: EvidenceItem) -> list[Fact]:
    label, unit = Comparator(result["comparator"]).label, result.get("unit", "")
    return [
        Fact(pgettext("metric", "Measure"), result["metric"]),
        Fact(_("Value"), sections.with_unit(result["value"], unit)),
        Fact(_("Should be"), f"{label} {sections.with_unit(result['threshold'], unit)}"),
        Fact(_("Result"), tables.result_badge(item)),
        Fact(_("Model version"), result.get("model_version", ""), missing=_("Not stated")),
        Fact(_("Data set"), result.get("data_set", ""), missing=_("Not stated")),
        Fact(_("Measured on"), result.get("measured_on") or "", missing=_("Not stated")),
    ]


def _period(item: EvidenceItem) -> str:
    return sections.period(item.period_from, item.period_to) if item.period_from or item.period_to else ""


def _chain_facts(item: EvidenceItem, user: Any) -> list[Fact]:
    """What it replaces and what replaced it, as far as it shows."""
    seen = {one.pk: one for one in EvidenceItem.objects.visible_to(user).filter(pk__in=_neighbours(item))}
    newer = getattr(item, "superseded_by", None)
    pairs = ((_("Replaces"), item.supersedes_id), (_("Replaced by"), newer.pk if newer else None))
    found = [Fact(label, seen[key]) for label, key in pairs if key in seen]
    return [*found, *_redaction_facts(item, user)]


def _redaction_facts(item: EvidenceItem, user: Any) -> list[Fact]:
    """Of a copy what was taken out, and its original where that shows; of an original its copies."""
    rows = EvidenceItem.objects.visible_to(user)
    if item.redacts_id:
        original = rows.filter(pk=item.redacts_id).first()
        kept = _("It is kept, and shows to few")
        taken = Fact(_("What was taken out"), item.redaction, wide=True)
        return [Fact(_("Redacted copy of"), original, missing=kept), taken]
    copies = list(rows.filter(redacts=item.pk).order_by("pk"))
    return [Fact(_("Redacted copies"), copies)] if copies else []


def _neighbours(item: EvidenceItem) -> list[int]:
    newer = getattr(item, "superseded_by", None)
    return [key for key in (item.supersedes_id, newer.pk if newer else None) if key]


class EvidenceDownload(EvidenceView):
    """The file itself; whoever sees the record may have it."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponseBase:
        item = self.get_record()
        if item.blob_id is None:
            raise Hidden
        shown = "shown" in request.GET
        return hand_out(
            request, item, digest=item.blob_id, name=item.file_name, media_type=item.media_type, shown=shown
        )


class EvidenceVerify(EvidenceView):
    """Read the file again and compare its digest."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        item = self.get_record()
        if services.verify_evidence(item):
            messages.success(
                request, _("The file is unchanged: its SHA-256 is still %(digest)s.") % {"digest": item.blob_id}
            )
        else:
            messages.error(request, _("The file is missing or was altered where it is kept. Packs with it will fail."))
        return redirect(item.get_absolute_url())


class Adding(EvidenceView, FormView):
    """Base of the pages that take evidence in: one form each for file, link and result."""

    template_name = "evidence/evidenceitem_form.html"

    @property
    def way(self) -> str:
        found = self.request.GET.get("way", "file")
        return found if found in FORMS else "file"

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return FORMS[self.way]

    def extra(self, record: Any) -> dict[str, Any]:
        params = self.request.GET.copy()
        ways = []
        for way, label, icon in WAYS:
            params["way"] = way
            ways.append({"label": label, "icon": icon, "url": f"?{params.urlencode()}", "current": way == self.way})
        return {"ways": ways}


class EvidenceAdd(Adding, CreateView):
    """Take evidence in."""

    said = gettext_lazy("The evidence was added.")
    submit = gettext_lazy("Add evidence")

    def heading(self, record: Any) -> str:
        return _("Add evidence")

    def allowed(self, record: Any) -> None:
        require(policies.can_add_evidence(self.request.user, None))

    def initial(self, record: Any) -> dict[str, Any]:
        user, given = self.request.user, {name: value for name, value in self.request.GET.items() if name != "way"}
        return {"unit": user.unit_id, "collector": user.email, "owner": user.email, **given}  # type: ignore[union-attr]

    def perform(self, record: Any, form: Any) -> EvidenceItem:
        links = form.links_for_service()
        data, content = form.data_for_service(), form.content_for_service()
        return services.give_new_evidence(
            self.asked(), by=self.request.user, on=clock.today(), data=data, links=links, **content
        )

    def asked(self) -> EvidenceRequest | None:
        """The request that this answers, when one comes from its page."""
        ref = self.request.GET.get("request", "").upper()
        found: EvidenceRequest | None = EvidenceRequest.objects.visible_to(self.request.user).filter(ref=ref).first()
        return found

    def success_url(self, done: Any) -> str:
        """Back to the request or record the person came from, else to the evidence."""
        if request := self.asked():
            return str(request.get_absolute_url())
        asked = self.request.GET.get("links", "").upper()
        link = EvidenceLink.objects.filter(item=done, record__ref=asked).select_related("record").first()
        return f"{link.record.get_absolute_url()}evidence/" if link else str(done.get_absolute_url())


class EvidenceReplace(Adding):
    """Take newer evidence in instead of this one; it speaks for the same records."""

    said = gettext_lazy("The newer evidence was added; the older one is kept as superseded.")
    submit = gettext_lazy("Replace")

    def heading(self, record: Any) -> str:
        return _("Replace %(title)s") % {"title": record.title}

    def allowed(self, record: Any) -> None:
        require(policies.can_supersede_evidence(self.request.user, record))
        if not record.is_current:
            raise WrongState(_("Only current evidence can be replaced."))

    def initial(self, record: Any) -> dict[str, Any]:
        """Begin with what the older one says, without its dates: those are collected anew."""
        links = EvidenceLink.objects.filter(item=record, record__in=Record.objects.visible_to(self.request.user))
        refs = ", ".join(links.order_by("record__ref").values_list("record__ref", flat=True))
        anew = dict.fromkeys(("collected_on", "period_from", "period_to", "expires_on"))
        return {"collector": self.request.user.email, "owner": record.owner_id, "links": refs, **anew}  # type: ignore[union-attr]

    def perform(self, record: Any, form: Any) -> EvidenceItem:
        return services.add_evidence(
            by=self.request.user,
            data=form.data_for_service(),
            links=form.links_for_service(),
            supersedes=record,
            **form.content_for_service(),
        )


class EvidenceChange(EvidenceView, ChangeView):
    """Change what is said about evidence; its content stays as it was received."""

    form_class = EvidenceForm
    said = gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        if not record.is_current:
            raise WrongState(_("Only current evidence can be changed."))
        require(policies.can_change_evidence(self.request.user, record))

    def perform(self, record: Any, form: Any) -> EvidenceItem:
        return services.change_evidence(
            record, by=self.request.user, data=form.data_for_service(), version=self.version(form)
        )


class EvidenceAttest(EvidenceView, FormView):
    """Does this evidence suffice? A named person says so, with the reason."""

    form_class: ClassVar[type[Any]] = AttestForm
    template_name = "kit/act.html"
    submit = gettext_lazy("Attest")
    said = gettext_lazy("Recorded.")

    def heading(self, record: Any) -> str:
        return _("Attest %(title)s") % {"title": record.title}

    def allowed(self, record: Any) -> None:
        if not record.is_current:
            raise WrongState(_("Only current evidence can be attested."))
        may = policies.can_attest_evidence(self.request.user, record)
        require(may, _("Who collected it does not attest it."))
        if not confirmed(self.request):
            raise ReauthenticationRequired

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version}

    def extra(self, record: Any) -> dict[str, Any]:
        facts = [Fact(one.label, [one.badge, one.why]) for one in scores(record, clock.today())]
        return {"facts": [(_("What the machine sees"), facts)]}

    def perform(self, record: Any, form: Any) -> EvidenceItem:
        given = form.cleaned_data
        services.attest_evidence(
            record,
            by=self.request.user,
            sufficient=given["sufficient"] == "yes",
            reason=given["reason"],
            record=given["record"],
            at=self.now(),
            version=self.version(form),
        )
        return record  # type: ignore[no-any-return]


class EvidenceRedact(EvidenceView, FormView):
    """Add a copy for those who may not see the original."""

    form_class: ClassVar[type[Any]] = RedactForm
    template_name = "evidence/evidenceitem_form.html"
    submit = gettext_lazy("Add the copy")
    said = gettext_lazy("The redacted copy was added. It speaks for the same records and is not restricted.")

    def heading(self, record: Any) -> str:
        return _("Redacted copy of %(title)s") % {"title": record.title}

    def allowed(self, record: Any) -> None:
        require(policies.can_redact_evidence(self.request.user, record))
        if not record.is_current or record.blob_id is None:
            raise WrongState(_("Only a current file has redacted copies."))

    def perform(self, record: Any, form: Any) -> EvidenceItem:
        given = form.cleaned_data
        return services.add_redacted_copy(record, by=self.request.user, file=given["file"], redaction=given["reason"])


class EvidenceWithdraw(EvidenceView, FormView):
    """Take evidence back, with the reason."""

    form_class: ClassVar[type[Any]] = ReasonForm
    template_name = "kit/act.html"
    submit = gettext_lazy("Withdraw")
    said = gettext_lazy("The evidence is withdrawn and counts no more.")

    def heading(self, record: Any) -> str:
        return _("Withdraw %(title)s") % {"title": record.title}

    def allowed(self, record: Any) -> None:
        require(policies.can_withdraw_evidence(self.request.user, record))
        if not record.is_current:
            raise WrongState(_("Only current evidence can be withdrawn."))

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version}

    def extra(self, record: Any) -> dict[str, Any]:
        return {
            "danger": True,
            "consequences": [
                _("It stays readable with its history and its file."),
                _("It counts no more for the records that it is linked to."),
            ],
        }

    def perform(self, record: Any, form: Any) -> EvidenceItem:
        return services.withdraw_evidence(
            record, by=self.request.user, reason=form.cleaned_data["reason"], version=self.version(form)
        )
