"""Life-cycle records: the tab of a system, the register, one record, and its verbs; the law's questionnaire."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.errors import Hidden
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, Link, Row
from aims.views.base import KindView
from aims.views.form import FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from inventory import policies, services
from inventory.completeness import label_of
from inventory.forms_gate import LawForm, RecordBodyForm, ResultForm, VerdictForm
from inventory.law import asked
from inventory.models import AISystem, LifecycleRecord
from inventory.rulebook import known_then, rules
from inventory.standing import Standing, label, standings
from inventory.states import Comparison, RecordSort, RecordState, RuleSort
from inventory.tables_gate import RECORDS, system_link, verdict_badge
from inventory.views.acts import Act
from inventory.views.systems import SystemView
from inventory.views.tabs import Part
from organization.deciding import Deciding


def lifecycle_tab(request: HttpRequest, system: AISystem) -> Mapping[str, Any]:
    """Which record of each sort there is for the newest version, and where to write the missing one."""
    if not known_then(RuleSort.RECORDS, clock.today()):
        return {"parts": []}
    release = system.versions.order_by("-pk").first()
    seen = LifecycleRecord.objects.visible_to(request.user).filter(system=system).exclude(state=RecordState.SUPERSEDED)
    mine: dict[str, LifecycleRecord] = {}
    for row in seen.for_version(release).select_related("release").order_by("pk"):
        mine[row.sort] = row
    may = bool(policies.can_write_record(request.user, system)) and not system.retired and asof.moment() is None
    content = rules(RuleSort.RECORDS, clock.today()).content["sorts"]
    rows = [_sort_row(system, sort, asks, mine.get(sort), may) for sort, asks in content.items()]
    head = [_("Record"), _("Control"), _("State"), _("Verdict"), _("What to do")]
    title = _("Records of version %(number)s") % {"number": release.number} if release else _("Records")
    return {"parts": [Part("records", title, head, rows, Empty("", "", "A.6.2"))]}


def _sort_row(system: AISystem, sort: str, asks: Mapping[str, Any], row: LifecycleRecord | None, may: bool) -> Row:
    name = str(RecordSort(sort).label)
    new = Link(_("Write it"), f"/systems/{system.ref}/records/new/?sort={sort}") if may else ""
    if row is None:
        return Row([name, asks["control"], Badge(_("Missing"), "warn"), "", new])
    again_ = (
        Link(_("Write another"), f"/systems/{system.ref}/records/new/?sort={sort}") if may and not row.draft else ""
    )
    return Row([Link(row.title, row.get_absolute_url()), asks["control"], state_badge(row), verdict_badge(row), again_])


def count_records(request: HttpRequest, system: AISystem) -> int:
    rows = LifecycleRecord.objects.visible_to(request.user).filter(system=system)
    return int(rows.exclude(state=RecordState.SUPERSEDED).count())


def law_tab(request: HttpRequest, system: AISystem) -> Mapping[str, Any]:
    """The class under the EU AI Act with reasons, duties and dates, and who confirmed it."""
    rows = (
        LifecycleRecord.objects.visible_to(request.user).filter(system=system).select_related("approved_by", "edition")
    )
    record = rows.newest(RecordSort.LAW)
    may = bool(policies.can_write_record(request.user, system)) and not system.retired and asof.moment() is None
    acts = [Action(_("Classify"), f"/systems/{system.ref}/law/classify/", icon="scale", primary=True)] if may else []
    head = [_("Class"), _("Provision"), _("Applies from"), _("Confidence"), _("Duties")]
    empty = Empty("", _("Not classified yet: a few questions give class, duties and dates."), "A.8.5")
    drawn = law_rows(record) if record is not None else []
    return {
        "acts": acts,
        "notes": _law_notes(record),
        "parts": [Part("law", _("Under the EU AI Act"), head, drawn, empty)],
    }


def law_rows(record: LifecycleRecord) -> list[Row]:
    classes = record.edition.content["classes"]
    today = clock.today().isoformat()
    return [
        Row(
            [
                Badge(_(one["name"]), classes[one["class"]]["tone"]), _(one["provision"]),
                Badge(one["applies_from"], "warn" if one["applies_from"] <= today else "neutral"), _(one["confidence"]),
                [_(duty) for duty in one["duties"]],
            ]
        )
        for one in record.outcome.get("reasons", ())
    ]  # fmt: skip


def _law_notes(record: LifecycleRecord | None) -> list[tuple[str, str]]:
    if record is None:
        return []
    if record.outcome.get("stops"):
        return [("bad", _("Prohibited: there is no way to deployment."))]
    if record.outcome.get("undetermined"):
        return [("warn", _("Undetermined: questions are open. The gate stays unmet."))]
    if record.state == RecordState.APPROVED:
        return [("good", _("Confirmed by %(person)s.") % {"person": record.approved_by})]
    if record.state == RecordState.STALE:
        return [("warn", _("Stale since %(cause)s.") % {"cause": record.stale_cause})]
    return [("warn", _("A person confirms the class: %(ref)s waits for it.") % {"ref": record.ref})]


class LifecycleView(KindView):
    """A page of life-cycle records."""

    model = LifecycleRecord

    def rows(self) -> Any:
        related = ("system", "release", "edition", "prepared_by", "approved_by", "link", "verdict_by")
        return super().rows().select_related(*related).prefetch_related("results")


class LifecycleList(LifecycleView, RegisterView):
    """What is written down about which version, and is it approved?"""

    table = RECORDS
    lead = gettext_lazy("Requirements, design, evaluation, plans, documentation and checks, per AI system and version.")

    def empty(self) -> Empty:
        return Empty(
            title=_("No life-cycle record yet"),
            text=_("They are written on the page of an AI system, under “Life cycle”."),
            clause="A.6.2",
        )


class LifecycleDetail(LifecycleView, RecordView):
    """What does it say, who approved it, do its criteria hold?"""

    def actions(self, record: LifecycleRecord) -> list[Action]:
        user, url = self.request.user, record.get_absolute_url()
        found = []
        if policies.can_write_record(user, record.system) and record.draft and record.sort != RecordSort.LAW:
            found.append(Action(_("Change"), f"{url}change/", icon="pencil"))
        if policies.can_record_result(user, record.system) and record.approved_at is not None and record.criteria:
            found.append(Action(_("Enter a result"), f"{url}result/", icon="ruler-measure"))
        if policies.can_approve_record(user, record):
            found += self._decisions(record, url)
        return found

    def _decisions(self, record: LifecycleRecord, url: str) -> list[Action]:
        if record.draft:
            word = _("Confirm the class") if record.sort == RecordSort.LAW else _("Approve")
            return [Action(word, f"{url}approve/", icon="signature", primary=True)]
        if record.sort == RecordSort.EVALUATION and record.state == RecordState.APPROVED:
            return [Action(_("Give the verdict"), f"{url}verdict/", icon="gavel", primary=not record.verdict)]
        return []

    def strip(self, record: LifecycleRecord) -> Sequence[Fact]:
        return [
            Fact(_("AI system"), system_link(record)),
            Fact(_("Version"), record.release.number if record.release else "", missing=_("All")),
            Fact(_("Approved by"), record.approved_by, missing=_("Not yet")),
            Fact(_("Verdict"), verdict_badge(record), missing=_("None")),
        ]

    def facts(self, record: LifecycleRecord) -> Sequence[tuple[Any, Sequence[Fact]]]:
        about = [
            Fact(_("Prepared by"), record.prepared_by), Fact(_("Controlled document"), record.link, missing=_("None")),
            Fact(_("Holds until"), record.until, missing=_("No end")), Fact(label_of(record, "edition"), str(record.edition)),
        ]  # fmt: skip
        if record.verdict_reason:
            about.append(Fact(_("Why this verdict"), record.verdict_reason))
        if record.outcome.get("exemption"):
            about.append(Fact(_("Why it is exempt"), record.outcome["exemption"]))
        return [(_("What it says"), said(record)), (_("About the record"), about)]

    def extra(self, record: LifecycleRecord) -> dict[str, Any]:
        notes = (
            [("bad", _("Stale since %(cause)s.") % {"cause": record.stale_cause})] if record.state == "stale" else []
        )
        parts = [_criteria(record), _results(record)] if record.criteria else []
        if record.sort == RecordSort.LAW:
            head = [_("Class"), _("Provision"), _("Applies from"), _("Confidence"), _("Duties")]
            parts = [
                Part(
                    "law", _("Class and duties"), head, law_rows(record), Empty("", _("No class follows yet."), "A.8.5")
                )
            ]
            notes = _law_notes(record)
        return {"notes": notes, "parts": parts}

    summary_template = "inventory/lifecyclerecord_detail.html"


def said(record: LifecycleRecord) -> list[Fact]:
    """Question and answer, as the edition asked."""
    content = record.edition.content
    if record.sort == RecordSort.LAW:
        words = {"yes": _("Yes"), "no": _("No"), "unsure": _("Not sure")}
        questions = asked(content, record.answers)
        return [
            Fact(_(one["text"]), words.get(record.answers.get(one["id"], ""), ""), missing=_("Open"))
            for one in questions
        ]
    fields = content["sorts"].get(record.sort, {}).get("fields", ())
    return [Fact(_(one["label"]), record.answers.get(one["id"], ""), missing=_("Not stated yet")) for one in fields]


def _criteria(record: LifecycleRecord) -> Part:
    rows = [_criterion_row(one) for one in standings(record)]
    head = [_("Criterion"), _("Threshold"), _("Latest value"), _("Stands"), _("Measured on")]
    return Part("criteria", _("Criteria"), head, rows, Empty("", _("No criterion is set."), "A.6.2.4"))


def _criterion_row(one: Standing) -> Row:
    sign = "≥" if one.criterion["comparison"] == Comparison.AT_LEAST else "≤"
    badges = {True: Badge(_("Met"), "good"), False: Badge(_("Not met"), "bad"), None: Badge(_("No result"), "warn")}
    value, on = (one.result.value.normalize(), one.result.measured_on) if one.result else ("", None)
    name = label(one.criterion["metric"], one.criterion["group"])
    return Row(
        [name, f"{sign} {one.criterion['threshold']}", f"{value:f}" if one.result else "", badges[one.passed], on]
    )


def _results(record: LifecycleRecord) -> Part:
    rows = [
        Row(
            [
                label(row.metric, row.group), f"{row.value.normalize():f}",
                Badge(_("Passed"), "good") if row.passed else Badge(_("Failed"), "bad"), row.digest[:12], row.data_version,
                row.measured_on, row.note,
            ]
        )
        for row in record.results.all()
    ]  # fmt: skip
    head = [_("Criterion"), _("Value"), _("Result"), _("Model"), _("Data set"), _("Measured on"), _("Note")]
    return Part("results", _("Results"), head, rows, Empty("", _("Nothing was measured yet."), "A.6.2.4"))


class RecordCreate(SystemView, FormView):
    """Write a life-cycle record of a system."""

    form_class: ClassVar[type[Any]] = RecordBodyForm
    said = gettext_lazy("Saved as a draft. Somebody else approves it.")

    def allowed(self, record: Any) -> None:
        require(policies.can_write_record(self.request.user, record))

    @property
    def sort(self) -> str:
        return self.request.GET.get("sort", RecordSort.REQUIREMENTS)

    def asks(self) -> Mapping[str, Any]:
        found = rules(RuleSort.RECORDS, clock.today()).content["sorts"].get(self.sort)
        if found is None:
            raise Hidden
        more = {"until": True} if self.sort == RecordSort.ENVELOPE else {}
        return {**found, **more}

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return self.form_class(instance=record, user=self.request.user, asks=self.asks(), **kwargs)

    def heading(self, record: Any) -> str:
        return f"{RecordSort(self.sort).label}: {record.title}"

    def initial(self, record: Any) -> dict[str, Any]:
        return {"release": self.request.GET.get("release", "")}

    def perform(self, record: Any, form: Any) -> Any:
        data = form.data_for_service()
        number = data.pop("release", "")
        data["release"] = record.versions.filter(number=number).first() if number else None
        by: Any = self.request.user
        return services.prepare_record(record, by=by, sort=self.sort, data=data, on=clock.today())


class LifecycleAct(LifecycleView, Act):
    """One verb on one life-cycle record."""


class LifecycleChange(LifecycleAct):
    """Change a draft."""

    form_class, template_name = RecordBodyForm, "kit/form.html"
    said = gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_write_record(self.request.user, record.system))

    def asks(self, record: LifecycleRecord) -> Mapping[str, Any]:
        found = record.edition.content.get("sorts", {}).get(record.sort)
        if found is None:
            raise Hidden
        return {**found, "of": "record", **({"until": True} if record.sort == RecordSort.ENVELOPE else {})}

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return self.form_class(instance=record, user=self.request.user, asks=self.asks(record), **kwargs)

    def initial(self, record: Any) -> dict[str, Any]:
        kept = {"criteria": record.criteria, "link": record.link, "until": record.until, "version": record.version}
        return {**record.answers, **kept}

    def perform(self, record: Any, form: Any) -> Any:
        return services.change_record(record, by=self.me(), data=form.data_for_service(), version=self.version(form))


class LifecycleApprove(Deciding, LifecycleAct):
    """Does it hold?"""

    submit, said = gettext_lazy("Approve"), gettext_lazy("Approved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_approve_record(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Approve %(title)s") % {"title": record.title}

    def extra(self, record: LifecycleRecord) -> dict[str, Any]:
        criteria = [Fact(_("Criteria"), [label(one["metric"], one["group"]) for one in record.criteria])]
        return {"facts": [("", [*said(record), *(criteria if record.criteria else [])])]}

    def perform(self, record: Any, form: Any) -> Any:
        return services.approve_record(
            record, by=self.me(), reason=form.cleaned_data["reason"], at=self.now(), on=clock.today(),
            version=self.version(form),
        )  # fmt: skip


class LifecycleResult(LifecycleAct):
    """Enter a measured value."""

    form_class, submit, said = ResultForm, gettext_lazy("Enter"), gettext_lazy("Entered.")

    def allowed(self, record: Any) -> None:
        require(policies.can_record_result(self.request.user, record.system))

    def heading(self, record: Any) -> str:
        return _("Enter a result: %(title)s") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"measured_on": clock.today()}

    def perform(self, record: Any, form: Any) -> Any:
        services.record_results(record, by=self.me(), rows=[form.data_for_service()], on=clock.today())
        return record


class LifecycleVerdict(Deciding, LifecycleAct):
    """Was the evaluation passed?"""

    form_class, submit, said = VerdictForm, gettext_lazy("Give the verdict"), gettext_lazy("The verdict is recorded.")

    def allowed(self, record: Any) -> None:
        require(policies.can_approve_record(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Verdict: %(title)s") % {"title": record.title}

    def perform(self, record: Any, form: Any) -> Any:
        data = {name: form.cleaned_data[name] for name in ("verdict", "reason")}
        return services.give_verdict(record, by=self.me(), version=self.version(form), **data)


class LawClassify(SystemView, FormView):
    """Answer the law's questionnaire."""

    form_class: ClassVar[type[Any]] = LawForm
    submit = gettext_lazy("Classify")
    said = gettext_lazy("Classified. Somebody else confirms it.")

    def allowed(self, record: Any) -> None:
        require(policies.can_write_record(self.request.user, record))

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        questions = rules(RuleSort.LAW, clock.today()).content["questions"]
        return self.form_class(instance=record, user=self.request.user, questions=questions, **kwargs)

    def heading(self, record: Any) -> str:
        return _("Classify %(title)s under the EU AI Act") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        last = LifecycleRecord.objects.filter(system=record).newest(RecordSort.LAW)
        return dict(last.answers) if last is not None else {}

    def success_url(self, done: Any) -> str:
        return self.kind.url(self.kwargs["ref"], "law")

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        exemption = form.cleaned_data["exemption"]
        return services.classify_system(record, by=by, answers=form.answers(), on=clock.today(), exemption=exemption)
