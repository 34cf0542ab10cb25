"""Samples: drawn, judged, drawn again by anybody, and compared with what the population is now."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.errors import Hidden
from aims.history import history
from aims.models import Record
from aims.registry import registry
from aims.services import require
from aims.ui import Badge, Crumb, Fact, Header, Link
from aims.views.base import PageView
from aims.views.form import FormView
from audits import policies, populations, services
from audits.drawing import digest_of, draw
from audits.forms.audits import SampleForm, VerdictForm
from audits.models import Audit, Sample
from audits.states import VERDICT_TONES
from audits.views.base import SeenView
from audits.views.blocks import Block, block

SCRIPT = Path(__file__).resolve().parent.parent / "data" / "redraw.py"


class DrawSample(SeenView, FormView):
    """Draw a sample from a stated population."""

    model, form_class, template_name = Audit, SampleForm, "kit/act.html"
    submit, said = gettext_lazy("Draw the sample"), gettext_lazy("Drawn.")

    def allowed(self, record: Any) -> None:
        require(policies.can_work(self.request.user, record), _("Only the team of a running audit draws samples."))

    def heading(self, record: Any) -> str:
        return _("Draw a sample")

    def initial(self, record: Any) -> dict[str, Any]:
        return {"record_kind": "system", "size": 8, **self.request.GET.dict()}

    def perform(self, record: Audit, form: Any) -> Sample:
        by: Any = self.request.user
        made = services.draw_sample(record, by=by, at=clock.now(), **form.data_for_service())
        made.audit = record
        return made


class OneSample(SeenView):
    """A page of one sample of an audit that the person sees."""

    model = Audit

    def sample(self) -> Sample:
        audit = self.get_record()
        found = audit.samples.filter(pk=self.kwargs["pk"]).select_related("drawn_by").first()
        if found is None:
            raise Hidden
        found.audit = audit
        return found  # type: ignore[no-any-return]


class SampleDetail(OneSample):
    """Which rows were drawn, how, what came of each; is the population still the same?"""

    def get(self, request: HttpRequest, ref: str, pk: int) -> HttpResponse:
        sample = self.sample()
        audit = sample.audit
        header = Header(
            title=sample.title, crumbs=[*self.crumbs(audit), Crumb(_("Samples"), f"{audit.get_absolute_url()}samples/")]
        )
        may = audit.state == "running" and bool(policies.can_work(request.user, audit))
        context = {
            "header": header, "sample": sample, "facts": [("", self._facts(sample))], "drawn": self._drawn_rows(sample, may),
            "difference": populations.difference(sample, request.user),
            "again": draw(sample.population, sample.seed, sample.size) == self._drawn(sample)
            and digest_of(sample.population) == sample.population_digest,
        }  # fmt: skip
        return render(request, "audits/sample.html", context)

    def _drawn(self, sample: Sample) -> list[tuple[str, str]]:
        return list(sample.rows.order_by("position").values_list("record__ref", "stratum"))

    def _facts(self, sample: Sample) -> list[Fact]:
        return [
            Fact(_("Population"), f"{registry.kinds[sample.record_kind].plural}: {sample.population_count}"),
            Fact(_("Query"), sample.query, missing=_("All of the register")),
            Fact(_("As of"), sample.as_of),
            Fact(_("Strata by"), dict(populations.facets()).get(sample.stratum_by, sample.stratum_by), missing=_("One stratum")),
            Fact(_("Seed"), sample.seed),
            Fact(_("Digest of the population"), sample.population_digest),
            Fact(_("Algorithm"), sample.algorithm),
            Fact(_("Drawn by"), sample.drawn_by),
            Fact(_("Drawn"), sample.drawn_at),
        ]  # fmt: skip

    def _drawn_rows(self, sample: Sample, may: bool) -> Block:
        """The rows drawn, with what changed since, and the verdict on each."""
        seen = {
            row.pk: row
            for row in Record.objects.visible_to(self.request.user).filter(pk__in=sample.rows.values("record"))
        }
        names = populations.stratum_names(sample, self.request.user)
        rows = [(row, seen.get(row.record_id)) for row in sample.rows.select_related("judged_by")]
        cells = [
            [record.title if record else _("Not for you to see"), names.get(row.stratum, row.stratum),
             self._since(sample, row, record), self._verdict(sample, row, record, may), row.note]
            for row, record in rows
        ]  # fmt: skip
        head = [_("Record"), _("Stratum"), _("Since the draw"), _("Verdict"), _("Note")]
        urls = [record.get_absolute_url() if record else "" for _row, record in rows]
        refs = [record.ref if record else "" for _row, record in rows]
        return block("drawn", _("Drawn"), head, cells, none=_("Nothing was drawn."), urls=urls, refs=refs)

    def _since(self, sample: Sample, row: Any, record: Any) -> Any:
        if record is None:
            return ""
        changed = record.version != row.drawn_version
        return Link(_("Changed"), self._page_of(sample, row)) if changed else _("Unchanged")

    def _verdict(self, sample: Sample, row: Any, record: Any, may: bool) -> Any:
        badge = Badge(row.get_verdict_display(), VERDICT_TONES[row.verdict])
        if record is None or not may:
            return badge
        return [badge, Link(_("Judge %(ref)s") % {"ref": record.ref}, self._page_of(sample, row))]

    def _page_of(self, sample: Sample, row: Any) -> str:
        return f"{sample.get_absolute_url()}rows/{row.pk}/"


class JudgeRow(OneSample):
    """What changed of a sampled record since it was drawn, and the verdict on it."""

    def get(self, request: HttpRequest, ref: str, pk: int, row: int) -> HttpResponse:
        sample, found, record = self._found(row)
        form = VerdictForm(initial={"verdict": found.verdict, "note": found.note}, user=request.user)
        return self._page(sample, found, record, form)

    def post(self, request: HttpRequest, ref: str, pk: int, row: int) -> HttpResponse:
        sample, found, record = self._found(row)
        require(policies.can_work(request.user, sample.audit))
        form = VerdictForm(request.POST, user=request.user)
        if not form.is_valid():
            return self._page(sample, found, record, form, 400)
        by: Any = request.user
        services.judge_row(found, by=by, at=clock.now(), **form.data_for_service())
        return redirect(sample.get_absolute_url())

    def _found(self, row: int) -> tuple[Sample, Any, Any]:
        sample = self.sample()
        found = sample.rows.filter(pk=row).first()
        record = Record.objects.visible_to(self.request.user).filter(pk=found.record_id).first() if found else None
        if found is None or record is None:
            raise Hidden
        return sample, found, record

    def _page(self, sample: Sample, row: Any, record: Any, form: Any, status: int = 200) -> HttpResponse:
        audit = sample.audit
        may = audit.state == "running" and bool(policies.can_work(self.request.user, audit))
        header = Header(
            title=record.title,
            ref=record.ref,
            crumbs=[*self.crumbs(audit), Crumb(sample.title, sample.get_absolute_url())],
        )
        entries = changes_since(record, sample.drawn_at, self.request.user)
        context = {"header": header, "form": form, "record": record, "entries": entries, "may": may,
                   "submit": _("Record the verdict"), "row": row}  # fmt: skip
        return render(self.request, "audits/row.html", context, status=status)


def changes_since(record: Any, moment: Any, viewer: Any) -> list[Any]:
    """What happened to a record after a moment, as sentences, the latest first."""
    model = registry.kinds[record.kind].model
    row = model._default_manager.filter(pk=record.pk).first()
    return [entry for entry in history(row, limit=100, viewer=viewer) if entry.at > moment] if row is not None else []


class PopulationFile(OneSample):
    """The population as it was drawn from, for the script that draws it again."""

    def get(self, request: HttpRequest, ref: str, pk: int) -> HttpResponse:
        sample = self.sample()
        if not populations.whole_for(sample, request.user):
            raise Hidden
        response = HttpResponse(populations.as_csv(sample), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{sample.audit.ref}-population-{sample.pk}.csv"'
        return response


class RedrawScript(PageView):
    """The script that draws a sample again with the standard library alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(SCRIPT.read_text(encoding="utf-8"), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="redraw.py"'
        return response
