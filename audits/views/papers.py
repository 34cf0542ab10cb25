"""Working papers: the checklist with everything typed kept at once, item by item."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.errors import Hidden, Stale
from aims.guests import may_write
from aims.registry import RecordTab
from aims.services import require
from aims.ui import Badge, Link
from aims.views.form import FormView
from audits import policies, services
from audits.forms.audits import PaperForm, QuestionForm
from audits.models import Audit, ChecklistItem
from audits.reading import records_of, samples_of
from audits.states import RESULT_TONES, AuditState, PaperResult
from audits.views.base import SeenView


class SavePaper(SeenView):
    """Keep one item. A script sends it while one types and is answered in JSON; without one it is an ordinary form."""

    model = Audit

    def post(self, request: HttpRequest, ref: str, pk: int) -> HttpResponse:
        audit = self.get_record()
        item = audit.items.filter(pk=pk).first()
        if item is None:
            raise Hidden
        require(policies.can_work(request.user, audit), _("Only the team of a running audit writes working papers."))
        form = PaperForm(request.POST, user=request.user)
        plain = request.headers.get("Accept", "") == "application/json"
        if not form.is_valid():
            return self._wrong(form, plain, audit)
        try:
            saved = self._save(item, form)
        except Stale as stale:
            if not plain:
                raise
            current = stale.extra["current"]
            theirs = {"notes": current.notes, "evidence_seen": current.evidence_seen}
            return JsonResponse({"detail": str(stale.detail), "edition": current.edition, "theirs": theirs}, status=412)
        if plain:
            return JsonResponse({"edition": saved.edition, "saved": str(_("Saved"))})
        return redirect(f"{audit.get_absolute_url()}papers/#paper-{item.pk}")

    def _save(self, item: ChecklistItem, form: Any) -> ChecklistItem:
        by: Any = self.request.user
        data = form.data_for_service()
        records = data.pop("records") if "records" in self.request.POST else None
        data.pop("records", None)
        return services.save_paper(item, by=by, at=clock.now(), records=records, **data)

    def _wrong(self, form: Any, plain: bool, audit: Audit) -> HttpResponse:
        words = " ".join(message for messages in form.errors.values() for message in messages)
        if plain:
            return JsonResponse({"detail": words}, status=400)
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")


class AddQuestion(SeenView, FormView):
    """Ask something of one's own."""

    model, form_class, template_name = Audit, QuestionForm, "kit/act.html"
    submit = gettext_lazy("Add the question")

    def allowed(self, record: Any) -> None:
        require(policies.can_work(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Add a question")

    def perform(self, record: Audit, form: Any) -> Audit:
        by: Any = self.request.user
        services.add_question(record, by=by, **form.data_for_service())
        return record

    def success_url(self, done: Any) -> str:
        return f"{done.get_absolute_url()}papers/"


def papers_tab(request: HttpRequest, audit: Audit) -> dict[str, Any]:
    """Every item by criterion; to write where one may, else to read."""
    now = asof.moment() is None
    may = now and audit.state == AuditState.RUNNING and bool(policies.can_work(request.user, audit))
    may = may and may_write(request.user, "audit_paper")
    records, samples = records_of(audit, request.user), samples_of(audit)
    items = list(audit.items.select_related("criterion__clause", "criterion__control", "auditor"))
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        groups.setdefault(str(item.criterion), []).append(
            {"item": item, "badge": Badge(item.get_result_display(), RESULT_TONES[item.result]),
             "records": [Link(str(row.record), row.record.get_absolute_url()) for row in records.get(item.pk, [])],
             "samples": [Link(f"{row.title} ({row.size} / {row.population_count})", row.get_absolute_url())
                         for row in samples.get(item.pk, [])],
             "refs": ", ".join(row.record.ref for row in records.get(item.pk, []))}
        )  # fmt: skip
    return {"groups": list(groups.items()), "may": may, "results": PaperResult.choices, "url": audit.get_absolute_url(),
            "here": audit.keeps_papers}  # fmt: skip


def papers_count(request: HttpRequest, audit: Audit) -> int:
    return int(audit.items.count())


TABS = (
    RecordTab("audit", "papers", gettext_lazy("Working papers"), "audits/papers.html", papers_tab, papers_count, 10),
)
