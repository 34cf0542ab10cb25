"""The register of risks, one risk, its forms, and the library to begin from."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.registry import RecordTab
from aims.services import require
from aims.ui import Action, Crumb, Empty, Fact, Header, Link
from aims.views.base import PageView
from aims.views.form import ChangeView, CreateView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from inventory.models import AISystem
from risk import cards, library, pictures, policies, services
from risk.annex_c import named
from risk.forms import CloseForm, RiskForm, harms_for
from risk.models import Risk, RiskCriteria
from risk.states import RISK, Effect, RiskState
from risk.tables import RISKS, level_badge, system_links
from risk.views.base import Decides, RiskAct, RiskView, with_links


class RiskList(RiskView, RegisterView):
    """Which risks are there, how bad are they, what is done about them?"""

    table = RISKS
    lead = gettext_lazy("What may happen to us, to people and to society through our AI systems, the gravest first.")

    def actions(self) -> list[Action]:
        found = [Action(_("Heat map"), "/risks/heatmap/", icon="grid-dots")]
        if policies.can_register_risk(self.request.user):
            found += [
                Action(_("From the library"), "/risks/library/", icon="book"),
                Action(_("Register a risk"), "/risks/new/", icon="plus", primary=True),
            ]
        return found

    def empty(self) -> Empty:
        return Empty(
            title=_("No risk is registered yet"),
            text=_(
                "A risk says what brings it about, what then happens and whom it hits. The library has the usual risks "
                "of AI in words to begin with; rating them is yours."
            ),
            clause="6.1.2, 8.2",
            action=Action(_("Open the library"), "/risks/library/", primary=True)
            if policies.can_register_risk(self.request.user)
            else None,
        )


class RiskDetail(RiskView, RecordView):
    """How bad, what do we do, who accepted it?"""

    summary_template = "risk/risk_detail.html"

    def rows(self) -> Any:
        return with_links(super().rows(), self.request.user)

    def badges(self, record: Risk) -> list[Any]:
        return [level_badge(record), state_badge(record)]

    def lead(self, record: Risk) -> str:
        return record.event

    def actions(self, record: Risk) -> list[Action]:
        return actions_on(record, self.request.user)

    def strip(self, record: Risk) -> Sequence[Fact]:
        accepted = record.acceptance.until if record.acceptance is not None else None
        return [
            Fact(_("AI systems"), system_links(record), missing=_("None")),
            Fact(_("Owner"), record.owner),
            Fact(_("Next review"), record.due_on, missing=_("None")),
            Fact(_("Accepted until"), accepted, missing=_("Not accepted")),
        ]

    def facts(self, record: Risk) -> Sequence[tuple[Any, Sequence[Fact]]]:
        said = [
            Fact(_("Kind"), record.get_nature_display()),
            Fact(_("Cause"), record.cause),
            Fact(_("Event"), record.event),
            Fact(_("Consequence"), record.consequences),
            Fact(_("Controls already there"), record.existing_controls, missing=_("None named")),
        ]
        where = [
            Fact(_("Risk sources"), named(record.sources), missing=_("Not stated yet")),
            Fact(_("Objectives concerned"), named(record.objectives), missing=_("Not stated yet")),
            Fact(_("Life-cycle stage"), record.get_stage_display(), missing=_("Any")),
            Fact(_("Unit"), record.unit.name),
            Fact(_("Comes from the component"), record.component, missing=_("None")),
        ]
        above = Risk.objects.visible_to(self.request.user).filter(pk=record.inherits_from_id).first()
        if above is not None:
            where.append(Fact(_("Inherits from"), above))
        return [(_("What may happen"), said), (_("Where it comes from"), where), *touched(record)]

    def extra(self, record: Risk) -> dict[str, Any]:
        verdict = record.verdicts.filter(treatment=record.treatment).first()
        criteria = record.criteria or RiskCriteria.objects.in_force()
        plan = record.treatment
        may_treat = bool(policies.can_treat_risk(self.request.user, record)) and asof.moment() is None
        return {
            "notes": list(self._notes(record)),
            "path": pictures.path_of(record, criteria, verdict) if criteria is not None else None,
            "rated_by": criteria,
            "compared": cards.comparison(record, most=1),
            "plan": cards.plan(record) if plan is not None else None,
            "add_action": f"{record.get_absolute_url()}action/"
            if may_treat and plan is not None and not record.closed
            else "",
            "decisions": cards.decisions(record),
            "rank": rank_of(record, self.request.user),
        }

    def _notes(self, record: Risk) -> Any:
        if record.outdated and record.criteria is not None:
            words = {"edition": record.criteria.edition}
            yield (
                "warn",
                _("Rated by edition %(edition)d of the criteria, which is superseded: assess it again.") % words,
            )
        for row in record.reassessments.waiting():
            yield "warn", _("To be assessed again: %(cause)s") % {"cause": row.cause}
        if record.evaluation == "unacceptable":
            yield "bad", _("This level is accepted by nobody: treat or avoid it.")
        if not record.closed and record.due_on is not None and record.due_on < asof.day():
            yield "bad", _("Its review is overdue.")


def touched(record: Risk) -> Iterator[tuple[Any, Sequence[Fact]]]:
    """Objectives and obligations that it touches, where there are any."""
    rows = record.objective_rows.all()
    facts = [
        Fact(_("Objectives it hinders"), [row.objective for row in rows if row.effect == Effect.HINDERS]),
        Fact(_("Objectives it helps"), [row.objective for row in rows if row.effect == Effect.HELPS]),
        Fact(_("Obligations it would break"), [row.obligation for row in record.obligation_rows.all()]),
    ]
    harms = [
        Link(f"{row.harm.assessment.ref}: {row.harm}", row.harm.assessment.get_absolute_url())
        for row in record.harms.all()
    ]
    facts.append(Fact(_("Harms it stands for"), harms))
    told = [fact for fact in facts if fact.value]
    if told:
        yield _("What it touches"), told


def rank_of(record: Risk, user: Any) -> tuple[int, int] | None:
    """Its place among the open rated risks that the person sees, and how many there are (6.1.2 e)."""
    if record.closed or record.score is None:
        return None
    counts = pictures.counts_of(Risk.objects.visible_to(user), before=False)
    higher = sum(n for (likelihood, consequence), n in counts.items() if likelihood * consequence > record.score)
    return higher + 1, sum(counts.values())


def actions_on(record: Risk, user: Any) -> list[Action]:
    """What this person may do to a risk now; the next step first."""
    url, today = record.get_absolute_url(), clock.today()
    edges = {edge.verb for edge in RISK.verbs_from(record.state)}
    may = {
        "decide-plan": "approve_plan" in edges and policies.can_approve_plan(user, record),
        "verify": "verify" in edges and policies.can_verify_treatment(user, record),
        "accept": record.state in (RiskState.VERIFIED, RiskState.TREATING, RiskState.ASSESSED)
        and record.evaluation != "unacceptable"
        and policies.can_take_acceptance(user, record, today),
        "treat": "propose_plan" in edges and policies.can_treat_risk(user, record),
        "assess": not record.closed and policies.can_assess_risk(user, record),
        "change": not record.closed and policies.can_change_risk(user, record),
        "harm": not record.closed and policies.can_change_risk(user, record) and harms_for(record, user).exists(),
        "close": record.state == RiskState.ACCEPTED and policies.can_close_risk(user, record),
        "reopen": record.closed and policies.can_reopen_risk(user, record),
    }
    labels = {
        "decide-plan": (_("Decide on the plan"), "gavel"),
        "verify": (_("Verify the treatment"), "clipboard-check"),
        "accept": (_("Accept"), "signature"),
        "assess": (_("Assess"), "gauge"),
        "treat": (_("Plan a treatment"), "shield-check"),
        "harm": (_("Link a harm"), "link"),
        "change": (_("Change"), "pencil"),
        "close": (_("Close"), "archive"),
        "reopen": (_("Reopen"), "arrow-back-up"),
    }
    found = [verb for verb in labels if may[verb]]
    first = "assess" if "assess" in found and not record.rated else next(iter(found), "")
    return [
        Action(labels[verb][0], f"{url}{verb}/", icon=labels[verb][1], primary=verb == first)
        for verb in reversed(found)
    ]


class RiskCreate(CreateView):
    """Register a risk, from an empty page or from the library; nothing is rated here."""

    model, form_class = Risk, RiskForm
    submit = gettext_lazy("Register")

    def allowed(self, record: Any) -> None:
        require(policies.can_register_risk(self.request.user))

    def heading(self, record: Any) -> str:
        return _("Register a risk")

    def initial(self, record: Any) -> dict[str, Any]:
        user: Any = self.request.user
        given = {k: v for k, v in self.request.GET.items() if k != "library"}
        above = Risk.objects.visible_to(user).filter(ref=given.pop("inherits_from", "")).first()
        system = AISystem.objects.visible_to(user).filter(ref=given.pop("system", "")).first()
        found: dict[str, Any] = {"owner": user, "system": system}
        if system is None and policies.can_register_risk(user, user.unit):
            found["unit"] = user.unit
        return {**found, **_inherited(above), **library.texts(self.request.GET.get("library", "")), **given}

    def perform(self, record: Any, form: Any) -> Risk:
        data = form.data_for_service()
        family = data.pop("family")
        return services.register_risk(by=self.request.user, data=data, family=family)  # type: ignore[arg-type]


def _inherited(above: Risk | None) -> dict[str, Any]:
    """What a risk takes over from the one it inherits from: texts, never a rating."""
    if above is None:
        return {}
    told = ("title", "nature", "cause", "event", "consequences", "sources", "objectives", "stage")
    return {**{name: getattr(above, name) for name in told}, "inherits_from": above}


class RiskChange(RiskView, ChangeView):
    """Change what is said about a risk."""

    form_class, said = RiskForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_risk(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Risk:
        data = form.data_for_service()
        family = data.pop("family")
        by: Any = self.request.user
        return services.change_risk(record, by=by, data=data, family=family, version=self.version(form))


class Library(PageView):
    """Which risks do systems like ours have? Text to begin with, never a rating."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(policies.can_register_risk(request.user))
        profile = request.GET.get("profile", "")
        lead = _("Usual risks of AI in our own words. Take one over, make its words yours, then assess it.")
        header = Header(title=_("Library of risks"), lead=lead, crumbs=[Crumb(_("Risks"), "/risks/")])
        known = library.profiles()
        context = {
            "header": header,
            "profiles": [(key, name, key == profile) for key, name in known],
            "rows": library.rows(profile if profile in dict(known) else ""),
            "system": request.GET.get("system", ""),
        }
        return render(request, "risk/library.html", context)


class RiskClose(Decides, RiskAct):
    """Close a risk whose residual was accepted."""

    form_class, submit, said = CloseForm, gettext_lazy("Close the risk"), gettext_lazy("Closed.")

    def may(self, record: Risk) -> str:
        return policies.can_close_risk(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Close %(title)s") % {"title": record.title}

    def extra(self, record: Risk) -> dict[str, Any]:
        return {"checks": cards.closing(record)}

    def perform(self, record: Risk, form: Any) -> Risk:
        by: Any = self.request.user
        reason, version = form.cleaned_data["reason"], self.version(form)
        return services.close_risk(record, by=by, reason=reason, on=clock.today(), version=version)


class RiskReopen(RiskAct):
    """Take a closed risk up again."""

    form_class, submit, said = CloseForm, gettext_lazy("Reopen the risk"), gettext_lazy("Reopened.")

    def may(self, record: Risk) -> str:
        return policies.can_reopen_risk(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Reopen %(title)s") % {"title": record.title}

    def perform(self, record: Risk, form: Any) -> Risk:
        by: Any = self.request.user
        reason, version = form.cleaned_data["reason"], self.version(form)
        return services.reopen_risk(record, by=by, reason=reason, on=clock.today(), version=version)


def assessments_tab(request: HttpRequest, risk: Risk) -> dict[str, Any]:
    """Every version beside each other; where two differ is marked."""
    return {"compared": cards.comparison(risk, most=6)}


def assessments_count(request: HttpRequest, risk: Risk) -> int:
    return int(risk.assessments.count())


ASSESSMENTS = RecordTab(
    "risk", "assessments", gettext_lazy("Assessments"), "risk/assessments.html", assessments_tab, assessments_count, 10
)


def system_tab(request: HttpRequest, system: AISystem) -> dict[str, Any]:
    """The risks of a system, the gravest first, with its own small heat map."""
    from_here = f"/risks/new/?system={system.ref}"
    rows = Risk.objects.visible_to(request.user).of_system(system)
    shown = rows.select_related("criteria", "owner", "treatment", "acceptance").most_severe()[:50]
    criteria = RiskCriteria.objects.in_force()
    counts = pictures.counts_of(rows.open(), before=False)
    return {
        "rows": [(risk, level_badge(risk), state_badge(risk)) for risk in shown],
        "inherited": _from_components(request, system),
        "total": rows.count(),
        "all_url": f"/risks/?system={system.ref}",
        "map": pictures.heat_map(
            criteria, counts, title=_("Risks of this system"), before=False, more=f"&system={system.ref}"
        )
        if criteria is not None and counts
        else None,
        "add": from_here if policies.can_register_risk(request.user, system=system) and asof.moment() is None else "",
    }


def _from_components(request: HttpRequest, system: AISystem) -> list[tuple[Any, ...]]:
    """Risks stated about shared components that it uses, each with where one takes it over."""
    rows = Risk.objects.visible_to(request.user).inherited_by(system).select_related("criteria", "owner", "component")
    may = policies.can_register_risk(request.user, system=system) and asof.moment() is None
    return [
        (
            risk,
            level_badge(risk),
            risk.component,
            f"/risks/new/?inherits_from={risk.ref}&system={system.ref}" if may else "",
        )
        for risk in rows.most_severe()[:50]
    ]


def system_count(request: HttpRequest, system: AISystem) -> int:
    return int(Risk.objects.visible_to(request.user).of_system(system).count())


SYSTEM_RISKS = RecordTab("system", "risks", gettext_lazy("Risks"), "risk/system_tab.html", system_tab, system_count, 20)
