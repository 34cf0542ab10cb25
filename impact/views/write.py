"""Writing an assessment: one step a page, saved as one goes; parties, benefits and harms, measures; the summary."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.errors import Hidden, Stale, WrongState
from aims.services import require, unmet_checks
from aims.ui import Action, Crumb, Header
from impact import cards, policies, services
from impact.forms import ImpactForm, MeasureForm, PartyForm, SectionForm
from impact.matrix import matrix_of
from impact.missing import Missing, by_section, missing
from impact.models import Impact, ImpactAssessment
from impact.questions import Section, sections_of
from impact.states import IMPACT, Dimension
from impact.views.base import ImpactAct, ImpactView


class WriteStart(ImpactView):
    """To the first step where something is missing."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.get_record()
        require(policies.can_write(request.user, record))
        gaps = missing(record)
        first = gaps[0].section if gaps else sections_of(record.edition, record.tier)[0].id
        return redirect(f"{record.get_absolute_url()}write/{first}/")


class WriteSection(ImpactView):
    """One step of the form."""

    def opened(self) -> tuple[ImpactAssessment, Section]:
        record = self.get_record()
        require(policies.can_write(self.request.user, record))
        found = next(
            (one for one in sections_of(record.edition, record.tier) if one.id == self.kwargs["section"]), None
        )
        if found is None:
            raise Hidden
        if not record.draft:
            raise WrongState(_("What was submitted does not change; return it to its authors first."))
        return record, found

    def get(self, request: HttpRequest, ref: str, section: str) -> HttpResponse:
        record, step = self.opened()
        return self.page(record, step, SectionForm(section=step, instance=record, user=request.user))

    def post(self, request: HttpRequest, ref: str, section: str) -> HttpResponse:
        record, step = self.opened()
        form = SectionForm(request.POST, section=step, instance=record, user=request.user)
        quiet = request.headers.get("X-Autosave") == "1"
        status, said = self.save(record, form)
        if quiet:
            return self.told(record, step, form, status, said)
        if status != 200:
            return self.page(self.get_record() if status == 412 else record, step, form, status)
        return redirect(self.following(record, step))

    def save(self, record: ImpactAssessment, form: SectionForm) -> tuple[int, str]:
        """Save what is there; answers the status and the sentence that says so."""
        if not form.is_valid():
            return 400, _("Not saved: look at the marked fields.")
        data, by = form.data_for_service(), self.request.user
        version = form.cleaned_data["version"]
        try:
            services.save_section(record, by=by, at=clock.now(), version=version, **data)  # type: ignore[arg-type]
        except ValidationError as error:
            form.refuse(error)
            return 400, _("Not saved: look at the marked fields.")
        except Stale as stale:
            return self.stale(form, stale)
        return 200, _("Saved at %(time)s") % {"time": date_format(localtime(clock.now()), "H:i:s")}

    def stale(self, form: SectionForm, stale: Stale) -> tuple[int, str]:
        """Somebody else wrote meanwhile: what was typed stays, and the next save goes over theirs, knowingly."""
        data: Any = form.data.copy()  # type: ignore[attr-defined]
        data["version"] = stale.extra["current"].version
        form.data = data
        said = _("Somebody else changed this assessment meanwhile. Look at it again, then save once more.")
        form.add_error(None, said)
        return 412, said

    def told(self, record: ImpactAssessment, step: Section, form: SectionForm, status: int, said: str) -> JsonResponse:
        """The answer to saving in the background."""
        steps = render_to_string("impact/_steps.html", {"steps": steps_of(record, step)}, request=self.request)
        errors = {name: [str(one) for one in found] for name, found in form.errors.items()}
        return JsonResponse({"said": said, "version": record.version, "steps": steps, "errors": errors}, status=status)

    def following(self, record: ImpactAssessment, step: Section) -> str:
        """Where the button leads: on, back, to the summary, or staying here."""
        ids = [one.id for one in sections_of(record.edition, record.tier)]
        at, base = ids.index(step.id), record.get_absolute_url()
        go = self.request.POST.get("go", "")
        if go == "stay":
            return f"{base}write/{step.id}/"
        return f"{base}write/{ids[at + 1]}/" if at + 1 < len(ids) else f"{base}submit/"

    def page(self, record: ImpactAssessment, step: Section, form: SectionForm, status: int = 200) -> HttpResponse:
        gaps = missing(record)
        steps = steps_of(record, step, gaps)
        at = next(index for index, one in enumerate(steps) if one["current"])
        header = Header(
            title=record.title, ref=record.ref, crumbs=self.crumbs(record),
            actions=[Action(_("Summary and submit"), f"{record.get_absolute_url()}submit/", icon="send")],
        )  # fmt: skip
        context = {
            "header": header, "record": record, "section": step, "form": form, "steps": steps,
            "gaps": by_section(gaps).get(step.id, []), "previous": steps[at - 1] if at else None,
            "last": at + 1 == len(steps), "saved_at": saved_at(record), **self.beside(record, step),
        }  # fmt: skip
        return render(self.request, "impact/write.html", context, status=status)

    def beside(self, record: ImpactAssessment, step: Section) -> dict[str, Any]:
        """What a step shows beside its questions."""
        found: dict[str, Any] = _BESIDE.get(step.kind, _nothing)(record, self.request.user)
        return found


def saved_at(record: ImpactAssessment) -> Any:
    return record.updated_at if record.version > 1 else None


def steps_of(
    record: ImpactAssessment, step: Section | None = None, gaps: list[Missing] | None = None
) -> list[dict[str, Any]]:
    """The steps in the margin, each with how much is missing."""
    open_ = by_section(missing(record) if gaps is None else gaps)
    base = record.get_absolute_url()
    return [
        {
            "section": one, "url": f"{base}write/{one.id}/", "missing": len(open_.get(one.id, ())),
            "current": step is not None and one.id == step.id,
        }
        for one in sections_of(record.edition, record.tier)
    ]  # fmt: skip


def _nothing(record: ImpactAssessment, user: Any) -> dict[str, Any]:
    return {}


_BESIDE: dict[str, Any] = {
    "parties": lambda record, user: {"parties": list(record.parties.all())},
    "impacts": lambda record, user: {"matrix": matrix_of(record, writing=True)},
    "measures": lambda record, user: {
        "matrix": matrix_of(record),
        "measures": list(record.measures.select_related("owner", "control").prefetch_related("covers__impact__party")),
    },
    "use": lambda record, user: {"worst": list(record.impacts.severe().select_related("party"))},
    "opinions": lambda record, user: {"opinions": cards.opinions(record, user, writing=True)},
}


class WriteAct(ImpactAct):
    """A form for one row of the assessment, reached from a step and leading back to it."""

    back: str = ""
    rows: Any

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_write(self.request.user, record)

    def allowed(self, record: Any) -> None:
        super().allowed(record)
        if not record.draft:
            raise WrongState(_("What was submitted does not change; return it to its authors first."))

    def part(self, rows: Any) -> Any:
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Hidden
        return found

    def crumbs(self, record: Any = None) -> list[Crumb]:
        found = super().crumbs(record)
        return [*found, Crumb(_("Write"), self.success_url(record))] if record is not None else found

    def success_url(self, done: Any) -> str:
        return f"{done.get_absolute_url()}write/{self.back}/"

    def extra(self, record: Any) -> dict[str, Any]:
        return {"cancel": Action(_("Cancel"), self.success_url(record))}


class PartyAdd(WriteAct):
    """Who is concerned?"""

    form_class, back, submit = PartyForm, "parties", gettext_lazy("Add")

    def heading(self, record: Any) -> str:
        return _("Add somebody whom it concerns")

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        services.add_party(record, by=self.request.user, data=form.data_for_service())  # type: ignore[arg-type]
        return record


class PartyChange(WriteAct):
    """Change who is concerned."""

    form_class, back = PartyForm, "parties"

    def heading(self, record: Any) -> str:
        return _("Change %(name)s") % {"name": self.part(record.parties)}

    def initial(self, record: Any) -> dict[str, Any]:
        row = self.part(record.parties)
        return {name: getattr(row, name) for name in ("name", "level", "role", "vulnerable", "note")}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        pk, by = self.kwargs["pk"], self.request.user
        services.change_party(record, pk, by=by, data=form.data_for_service())  # type: ignore[arg-type]
        return record


class RowRemove(ImpactView):
    """Take a row out of the draft. A subclass names the verb."""

    back = ""

    def verb(self) -> Any:
        raise NotImplementedError

    def post(self, request: HttpRequest, ref: str, pk: int) -> HttpResponse:
        record = self.get_record()
        self.verb()(record, pk, by=request.user)
        return redirect(f"{record.get_absolute_url()}write/{self.back}/")


class PartyRemove(RowRemove):
    back = "parties"

    def verb(self) -> Any:
        return services.remove_party


class ImpactRowRemove(RowRemove):
    back = "impacts"

    def verb(self) -> Any:
        return services.remove_impact


class MeasureRemove(RowRemove):
    back = "measures"

    def verb(self) -> Any:
        return services.remove_measure


_RATED = (
    "party", "dimension", "direction", "scenario", "description", "severity", "scale", "likelihood", "reversibility",
    "duration", "vulnerable", "confidence", "rationale", "residual_severity", "residual_likelihood",
)  # fmt: skip


class ImpactAdd(WriteAct):
    """What happens to this party in this respect? A cell of the matrix: what is there, and one more."""

    form_class, back, submit = ImpactForm, "impacts", gettext_lazy("Add")
    template_name = "impact/cell.html"

    def heading(self, record: Any) -> str:
        return _("Add a benefit or a harm")

    def initial(self, record: Any) -> dict[str, Any]:
        given = {name: self.request.GET.get(name, "") for name in ("party", "dimension", "direction")}
        return {name: value for name, value in given.items() if value}

    def extra(self, record: Any) -> dict[str, Any]:
        party, dimension = self.request.GET.get("party", ""), self.request.GET.get("dimension", "")
        rows: Any = Impact.objects.none()
        if party.isdigit() and dimension in Dimension.values:
            rows = record.impacts.filter(party=int(party[:18]), dimension=dimension).select_related("party")
        return {**super().extra(record), "rows": rows}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        data, by = form.data_for_service(), self.request.user
        measures = data.pop("measures")
        services.add_impact(record, by=by, data=data, measures=measures)  # type: ignore[arg-type]
        return record


class ImpactChange(WriteAct):
    """Change a benefit or a harm."""

    form_class, back = ImpactForm, "impacts"

    def heading(self, record: Any) -> str:
        return str(self.part(record.impacts))

    def initial(self, record: Any) -> dict[str, Any]:
        row = self.part(record.impacts)
        return {
            **{name: getattr(row, name) for name in _RATED},
            "measures": [one.measure_id for one in row.coverings.all()],
        }

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        data, by, pk = form.data_for_service(), self.request.user, self.kwargs["pk"]
        measures = data.pop("measures")
        services.change_impact(record, pk, by=by, data=data, measures=measures)  # type: ignore[arg-type]
        return record


_MEASURE = ("title", "measure_kind", "owner", "due_on", "control", "done_on", "result")


class MeasureAdd(WriteAct):
    """What is done?"""

    form_class, back, submit = MeasureForm, "measures", gettext_lazy("Add")

    def heading(self, record: Any) -> str:
        return _("Add a measure")

    def initial(self, record: Any) -> dict[str, Any]:
        harm = self.request.GET.get("harm", "")
        return {"impacts": [int(harm[:18])]} if harm.isdigit() else {}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        data, by = form.data_for_service(), self.request.user
        impacts = data.pop("impacts")
        services.add_measure(record, by=by, data=data, impacts=impacts)  # type: ignore[arg-type]
        return record


class MeasureChange(WriteAct):
    """Change a measure."""

    form_class, back = MeasureForm, "measures"

    def heading(self, record: Any) -> str:
        return str(self.part(record.measures))

    def initial(self, record: Any) -> dict[str, Any]:
        row = self.part(record.measures)
        return {
            **{name: getattr(row, name) for name in _MEASURE},
            "impacts": [one.impact_id for one in row.covers.all()],
        }

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        data, by, pk = form.data_for_service(), self.request.user, self.kwargs["pk"]
        impacts = data.pop("impacts")
        services.change_measure(record, pk, by=by, data=data, impacts=impacts)  # type: ignore[arg-type]
        return record


class ImpactSubmit(ImpactView):
    """Is everything there? The summary before submitting."""

    def opened(self) -> ImpactAssessment:
        record: ImpactAssessment = self.get_record()
        require(policies.can_submit(self.request.user, record))
        return record

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.opened()
        gaps = missing(record)
        header = Header(
            title=_("Submit %(title)s") % {"title": record.title}, ref=record.ref, crumbs=self.crumbs(record),
            lead=_("Content, version and purpose are fixed from then on. Opinions can still be given."),
        )  # fmt: skip
        context = {
            "header": header, "record": record, "steps": steps_of(record, None, gaps), "gaps": gaps,
            "grouped": by_section(gaps), "matrix": matrix_of(record),
            "unmet": unmet_checks(record, IMPACT.name, "submit"),
        }  # fmt: skip
        return render(request, "impact/submit.html", context)

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.opened()
        given = request.POST.get("version", "")
        version = int(given) if given.isdigit() else None
        services.submit_assessment(record, by=request.user, on=clock.today(), version=version)  # type: ignore[arg-type]
        return redirect(record.get_absolute_url())
