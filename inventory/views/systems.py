"""The register of AI systems, one system, its forms."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.access import access_of
from aims.registry import registry
from aims.services import require, unmet_checks
from aims.ui import Action, Badge, Empty, Fact, Link
from aims.views.base import KindView
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from inventory import policies, services
from inventory.completeness import label_of, missing
from inventory.countries import country_name, language_name
from inventory.forms import RegisterSystemForm, StageForm, SystemForm
from inventory.gate import GateQuestion
from inventory.gating import passage
from inventory.models import AISystem, LifecycleRecord
from inventory.states import LIFE_CYCLE, MEANINGS, RecordSort, RecordState, SystemStage
from inventory.tables import SYSTEMS, criticality_badge, gaps_badge, iso_roles, law_roles, live_version


class SystemView(KindView):
    """A page of AI systems; every row knows what is missing in it."""

    model = AISystem

    def rows(self) -> Any:
        return super().rows().with_gaps()


class SystemList(SystemView, RegisterView):
    """Which AI systems are there, what are we to them, who answers for each?"""

    table = SYSTEMS
    lead = gettext_lazy("Every AI system we develop, provide or use, with who answers for it and where it stands.")

    def actions(self) -> list[Action]:
        if not policies.can_register_system(self.request.user):
            return []
        return [Action(_("Register a system"), "/systems/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        return Empty(
            title=_("No AI system is registered yet"),
            text=_(
                "Begin with the system people ask about most. A name, what it is for, who answers for it and in which "
                "unit suffice; the page then says what else an auditor will ask. Remember AI inside bought software."
            ),
            clause="4.1, A.4.2",
            action=next(iter(self.actions()), None),
        )


class SystemDetail(SystemView, RecordView):
    """What is it, may it run, who answers?"""

    summary_template = "inventory/aisystem_detail.html"

    def rows(self) -> Any:
        found = super().rows().select_related("supplier")
        return found.prefetch_related("roles__legal_entity", "law_roles__legal_entity", "versions", "stages__by")

    def actions(self, record: AISystem) -> list[Action]:
        user, url = self.request.user, record.get_absolute_url()
        found = []
        if policies.can_move_stage(user, record) and not record.retired:
            found.append(Action(_("Move to a stage"), f"{url}move/", icon="route"))
        if policies.can_change_system(user, record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil", primary=True))
        return found

    def lead(self, record: AISystem) -> str:
        return record.purpose.split("\n")[0]

    def strip(self, record: AISystem) -> Sequence[Fact]:
        since = next((entry.since for entry in record.stages.all()), None)
        return [
            Fact(_("We are"), iso_roles(record), missing=_("Not stated")),
            Fact(_("Stage since"), since),
            Fact(_("Version in use"), live_version(record), missing=_("None")),
            Fact(_("Tier"), record.get_tier_display(), missing=_("Not screened")),
            Fact(_("Class"), law_class(record), missing=_("Not classified")),
            *stopped(record),
            Fact(_("Completeness"), gaps_badge(len(record.gaps))),  # type: ignore[attr-defined]
        ]

    def facts(self, record: AISystem) -> Sequence[tuple[Any, Sequence[Fact]]]:
        return [
            (_("Identity"), self._identity(record)),
            (
                _("Use"),
                [*_texts(record, "intended_use", "foreseeable_misuse", "decisions"), _scale(record, "learning")],
            ),
            (
                _("Oversight"),
                [_scale(record, "autonomy"), *_texts(record, "autonomy_note", "human_oversight")],
            ),
            (_("People affected"), self._people(record)),
            (_("Supply"), self._supply(record)),
            (_("Retirement"), self._retirement(record)),
        ]

    def _identity(self, record: AISystem) -> list[Fact]:
        purpose = _texts(record, "purpose") if "\n" in record.purpose else []
        return [
            *purpose,
            Fact(_("Owner"), record.owner),
            Fact(_("Unit"), record.unit.name),
            Fact(_("ISO roles"), iso_roles(record), missing=not_stated()),
            Fact(_("EU AI Act roles"), law_roles(record), missing=not_stated()),
            Fact(_("In use since"), record.live_since, missing=_("Not in use yet")),
            Fact(_("Confidentiality"), record.get_confidentiality_display()),
        ]

    def _people(self, record: AISystem) -> list[Fact]:
        return [
            Fact(_("Affected groups"), "\n".join(record.affected_groups), missing=not_stated()),
            Fact(_("Regions"), [country_name(code) for code in record.regions], missing=not_stated()),
            Fact(_("Languages"), [language_name(code) for code in record.languages], missing=not_stated()),
            *_texts(record, "user_information"),
            Fact(_("Criticality"), criticality_badge(record), missing=not_stated()),
            *_texts(record, "criticality_reason"),
        ]

    def _supply(self, record: AISystem) -> list[Fact]:
        if not record.third_party:
            made = _("We ourselves") if record.third_party is False else ""
            return [Fact(_("Who makes it"), made, missing=not_stated()), *_embedded(record)]
        return [
            Fact(_("Who makes it"), _("A third party")),
            Fact(_("Supplier"), seen(self.request.user, record.supplier), missing=not_stated()),
            Fact(_("Vendor's product"), record.vendor_product),
            Fact(_("Vendor's version"), record.vendor_version, missing=not_stated()),
            *_embedded(record),
        ]

    def _retirement(self, record: AISystem) -> list[Fact]:
        dated = [Fact(_("Retired on"), record.retired_on)] if record.retired else []
        return [*dated, Fact(_("Retirement plan"), record.retirement_plan, missing=_("Needed before it retires"))]

    def extra(self, record: AISystem) -> dict[str, Any]:
        may = bool(policies.can_change_system(self.request.user, record)) and not record.retired
        return {"missing": missing(record), "may_change": may, "stages": record.stages.all()}


def law_class(record: AISystem) -> list[Badge]:
    """The classes under the EU AI Act, as they were confirmed; one that waits says so."""
    found = LifecycleRecord.objects.filter(system=record).select_related("edition").newest(RecordSort.LAW)
    if found is None:
        return []
    if found.state != RecordState.APPROVED:
        return [Badge(_("Not confirmed"), "warn")]
    classes = found.edition.content["classes"]
    return [Badge(_(classes[name]["name"]), classes[name]["tone"]) for name in found.classes]


def stopped(record: AISystem) -> list[Fact]:
    """That it was stopped; what the gate answers stands on the gate's own page, where it is asked."""
    since = record.stopped_on
    return (
        []
        if since is None
        else [Fact(_("Gate"), Badge(_("Stopped"), "bad"), help=date_format(since, "SHORT_DATE_FORMAT"))]
    )


def not_stated() -> str:
    return _("Not stated yet")


def _texts(record: Any, *names: str) -> list[Fact]:
    """Facts of text columns under their own labels."""
    return [Fact(label_of(record, name), getattr(record, name), missing=not_stated()) for name in names]


def _scale(record: Any, name: str) -> Fact:
    """A value of a scale with what it means."""
    value = getattr(record, name)
    shown = getattr(record, f"get_{name}_display")()
    return Fact(label_of(record, name), shown, help=str(MEANINGS.get(value, "")), missing=not_stated())


def _embedded(record: AISystem) -> list[Fact]:
    return [Fact(_("Embedded in"), record.embedded_in)] if record.embedded_in else []


def seen(user: Any, record: Any) -> Any:
    """A linked record, or nothing where the person may not see it."""
    return record if record is not None and access_of(user).sees(record) else None


class SystemCreate(CreateView):
    """Put a system on the register with four fields."""

    model, form_class = AISystem, RegisterSystemForm
    template_name = "inventory/aisystem_create.html"
    submit = gettext_lazy("Register")

    def allowed(self, record: Any) -> None:
        require(policies.can_register_system(self.request.user))

    def heading(self, record: Any) -> str:
        return _("Register an AI system")

    def initial(self, record: Any) -> dict[str, Any]:
        user: Any = self.request.user
        unit = user.unit if policies.can_register_system(user, user.unit) else None
        return {"owner": user, "unit": unit, **super().initial(record)}

    def perform(self, record: Any, form: Any) -> AISystem:
        stage = form.cleaned_data["stage"] or SystemStage.INCEPTION
        by: Any = self.request.user
        return services.register_system(by=by, data=form.data_for_service(), stage=stage, on=clock.today())


class SystemChange(SystemView, ChangeView):
    """Everything about a system, in steps on one page."""

    form_class, said = SystemForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_system(self.request.user, record))

    def perform(self, record: Any, form: Any) -> AISystem:
        by: Any = self.request.user
        return services.change_system(
            record, by=by, on=clock.today(), data=form.data_for_service(), version=self.version(form)
        )


class SystemMove(SystemView, FormView):
    """Take a system to another stage of its life cycle, with a reason."""

    form_class: ClassVar[type[Any]] = StageForm
    template_name = "kit/act.html"
    submit = gettext_lazy("Move")
    said = gettext_lazy("Moved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_move_stage(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Move %(title)s to a stage") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"stage": self.request.GET.get("stage", "")}

    def perform(self, record: Any, form: Any) -> AISystem:
        stage, reason = form.cleaned_data["stage"], form.cleaned_data["reason"]
        by: Any = self.request.user
        return services.move_stage(
            record, stage=stage, by=by, reason=reason, on=clock.today(), version=self.version(form)
        )

    def extra(self, record: AISystem) -> dict[str, Any]:
        if record.retired:
            return {"blocked": _("It is retired; that is the end of its life cycle.")}
        now = Fact(_("Stage now"), state_badge(record))
        asked = [fact for edge in LIFE_CYCLE.verbs_from(record.state) for fact in _gates(record, edge)]
        return {"facts": [("", [now, *asked])]}

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        return again(self, form, stale)


def _gates(record: AISystem, edge: Any) -> list[Fact]:
    """What stands between the system and a stage, where a gate or a check is on the way there."""
    release = record.versions.order_by("-pk").first()
    found = passage(GateQuestion(record, release, "", clock.today()), edge.target)
    checks = registry.checks_of(LIFE_CYCLE.name, edge.verb)
    if not found.answers and not checks:
        return []
    unmet = [one.as_unmet() for one in found.unmet] + list(unmet_checks(record, LIFE_CYCLE.name, edge.verb))
    sentences = [Link(one["sentence"], one["url"]) if one.get("url") else one["sentence"] for one in unmet]
    label = _("Missing for “%(stage)s”") % {"stage": SystemStage(edge.target).label}
    return [Fact(label, sentences or Badge(_("Nothing"), "good"))]


def again(view: FormView, form: Any, stale: Any) -> HttpResponse:
    """The form once more with what was typed, after somebody saved in between (412)."""
    form.data = form.data.copy()
    form.data["version"] = stale.extra["current"].version
    form.add_error(None, _("Somebody saved in between. Look at the record as it is now, then send this once more."))
    return view.page(view.get_record(), form, status=412)
