"""Forms of the gate, of life-cycle records, of changes and of the law's questionnaire; questions come from data."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.forms import PickerField, ReasonForm, Refusable
from evidence.models import EvidenceItem
from inventory.fields import UnitField, units_for
from inventory.models import AISystem, LifecycleRecord
from inventory.rulebook import items
from inventory.standing import label
from inventory.states import Comparison, Mode, Tier, Verdict

YES_NO = (("yes", _("Yes")), ("no", _("No")))
YES_NO_UNSURE = (*YES_NO, ("unsure", _("Not sure")))
_SIGNS = {"≥": Comparison.AT_LEAST, ">=": Comparison.AT_LEAST, "≤": Comparison.AT_MOST, "<=": Comparison.AT_MOST}


def area(field_label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    more.setdefault("max_length", 4000)
    return forms.CharField(label=field_label, widget=forms.Textarea(attrs={"rows": rows}), **more)


def day(field_label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=field_label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def evidence_items(user: Any) -> Any:
    return EvidenceItem.objects.visible_to(user)


class PlainForm(Refusable, forms.Form):
    """A form of its own fields about a record; it knows the person and what is written about."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance
        if instance is not None:
            self.initial.setdefault("version", getattr(instance, "version", None))
        for field in self.fields.values():
            if isinstance(field, PickerField):
                field.user = user

    def data_for_service(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def versions_of(system: AISystem) -> list[tuple[str, str]]:
    return [(row.number, row.number) for row in system.versions.order_by("-pk")]


class AskForm(PlainForm):
    """What is brought where."""

    number = forms.ChoiceField(label=_("Version"))
    environment = forms.CharField(label=pgettext_lazy("deployment", "Environment"), max_length=60, initial="production")
    digest = forms.RegexField(
        "^[0-9a-f]{64}$", label=_("Model digest (SHA-256)"), required=False,
        help_text=_("Empty: the digest that the register has for this version."),
    )  # fmt: skip
    commit = forms.CharField(label=_("Commit"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = versions_of(self.instance)  # type: ignore[attr-defined]

    def brought(self) -> dict[str, Any]:
        """The fields of what is brought; a bought system's vendor and product are those of the register."""
        data = {name: self.cleaned_data[name] for name in ("number", "environment", "digest", "commit")}
        release = self.instance.versions.get(number=data["number"])
        data["digest"] = data["digest"] or release.digest or ""
        if self.instance.third_party:
            data["vendor"] = self.instance.supplier.title if self.instance.supplier is not None else ""
            data |= {"product": self.instance.vendor_product, "configured_on": release.configured_on}
        return data


class BreakForm(AskForm):
    reason = area(_("Why it cannot wait"), max_length=2000)


class PilotForm(AskForm):
    users = forms.CharField(label=_("Which users"), max_length=500, required=False)
    share = forms.CharField(label=_("Which share of traffic"), max_length=40, required=False)
    data_used = area(_("Which data"), 2, max_length=1000)
    stop = area(_("When it is stopped before"), 2, max_length=1000)
    until = day(_("Until"))
    reason = area(_("What it is to show"), max_length=2000)


class StatementForm(PlainForm):
    """Vouch for an item, with evidence."""

    item = forms.ChoiceField(label=_("Item"))
    text = area(_("What is so, and how you know"))
    evidence = PickerField("evidence", evidence_items, ["ref", "title"], label=_("Evidence"))
    until = day(_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [(one.id, _now(one.text)) for some in items().values() for one in some]  # type: ignore[attr-defined]


class ExceptionForm(StatementForm):
    """Ask to wait for an item, for a time."""

    text = area(_("Why it can wait, and what keeps it safe meanwhile"))
    evidence = PickerField("evidence", evidence_items, ["ref", "title"], label=_("Evidence"), required=False)
    until = day(_("Until"))


class StopForm(ReasonForm):
    environment = forms.CharField(
        label=pgettext_lazy("deployment", "Environment"),
        max_length=60,
        required=False,
        help_text=_("Empty: everywhere."),
    )


class ReviewForm(ReasonForm):
    nonconformity = forms.TypedChoiceField(
        label=_("Was it a nonconformity?"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class ModeForm(PlainForm):
    """What the gate does, where, from when."""

    unit = UnitField(units_for("gate.set_mode"), "gate-units", label=_("Unit"))
    tier = forms.ChoiceField(label=_("Tier"), choices=[("", _("All")), *Tier.choices], required=False)
    mode = forms.ChoiceField(label=_("The gate"), choices=Mode.choices, widget=forms.RadioSelect)
    valid_from = day(_("From"))
    reason = area(_("Reason"), max_length=2000)


class CriteriaField(forms.CharField):
    """Criteria, one a line: `metric ≥ 0.8`, with a group as `metric (group) ≤ 0.05`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 5}))
        super().__init__(max_length=8000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        signs = {Comparison.AT_LEAST: "≥", Comparison.AT_MOST: "≤"}
        return "\n".join(f"{label(r['metric'], r['group'])} {signs[r['comparison']]} {r['threshold']}" for r in value)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        return [self._criterion(line) for line in lines]

    def _criterion(self, line: str) -> dict[str, str]:
        sign = next((sign for sign in _SIGNS if sign in line), "")
        name, _sign, threshold = line.partition(sign) if sign else (line, "", "")
        metric, _open, group = name.strip().partition("(")
        try:
            number = Decimal(threshold.strip())
        except InvalidOperation as error:
            raise ValidationError(
                _("Write “metric ≥ number” or “metric ≤ number”: %(line)s"), params={"line": line}
            ) from error
        return {
            "metric": metric.strip(), "group": group.strip(" )"), "comparison": str(_SIGNS[sign]), "threshold": str(number),
        }  # fmt: skip


class RecordBodyForm(PlainForm):
    """A life-cycle record: the questions of its sort, criteria where it sets limits, or a controlled document."""

    def __init__(self, *args: Any, asks: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asks
        if asks["of"] == "version":
            system = self.instance.system if isinstance(self.instance, LifecycleRecord) else self.instance
            self.fields["release"] = forms.ChoiceField(label=_("Version"), choices=versions_of(system))
        for field in asks["fields"]:
            self.fields[field["id"]] = area(
                _now(field["label"]), help_text=_now(field["help"]), required=False, max_length=8000
            )
        if asks.get("criteria"):
            self.fields["criteria"] = CriteriaField(
                label=_("Criteria"), required=False,
                help_text=_("One a line, such as “recall ≥ 0.85” or “false alarms (new customers) ≤ 0.02”."),
            )  # fmt: skip
        if asks.get("link"):
            self.fields["link"] = PickerField(
                "evidence", evidence_items, ["ref", "title"], label=_("Or the controlled document"), required=False
            )
            self.fields["link"].user = self.user  # type: ignore[attr-defined]
        if "until" in asks:
            self.fields["until"] = day(_("Holds until"))

    def data_for_service(self) -> dict[str, Any]:
        data, answers = super().data_for_service(), {}
        for field in self.asked["fields"]:
            answers[field["id"]] = data.pop(field["id"])
        return {**data, "answers": answers}


class ResultForm(PlainForm):
    """A measured value."""

    criterion = forms.ChoiceField(label=_("Criterion"))
    value = forms.DecimalField(label=_("Value"), max_digits=18, decimal_places=6)
    digest = forms.RegexField("^[0-9a-f]{64}$", label=_("Model digest (SHA-256)"), required=False,
                              help_text=_("Empty: that of the version."))  # fmt: skip
    data_version = forms.CharField(label=_("Data-set version"), max_length=120, required=False)
    measured_on = day(_("Measured on"))
    note = area(_("Note"), 2, required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(n), label(r["metric"], r["group"])) for n, r in enumerate(self.instance.criteria)]
        self.fields["criterion"].choices = choices  # type: ignore[attr-defined]

    def data_for_service(self) -> dict[str, Any]:
        data = super().data_for_service()
        chosen = self.instance.criteria[int(data.pop("criterion"))]
        return {**data, "metric": chosen["metric"], "group": chosen["group"]}

    def refuse(self, error: ValidationError) -> None:
        """What is refused of the metric stands beside the criterion."""
        super().refuse(error)


class VerdictForm(ReasonForm):
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)


class ChangeForm(PlainForm):
    title = forms.CharField(label=_("What changes"), max_length=200)
    description = area(_("Why, and what comes of it"), required=False)
    planned_on = day(_("Planned for"), required=False)
    release = forms.ChoiceField(label=_("Version it leads to"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["release"].choices = [("", _("None yet")), *versions_of(self.instance)]  # type: ignore[attr-defined]


class QuestionsForm(PlainForm):
    """Yes-or-no questions that are data."""

    def __init__(self, *args: Any, questions: Any, choices: Any = YES_NO, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for one in questions:
            self.fields[one["id"]] = forms.ChoiceField(
                label=_now(one["text"]), choices=choices, widget=forms.RadioSelect, required=required,
                help_text=" ".join(_now(part) for part in (one.get("help", ""), one.get("provision", "")) if part),
            )  # fmt: skip

    def answers(self) -> dict[str, str]:
        return {one["id"]: self.cleaned_data.get(one["id"], "") for one in self.questions}


class AssessForm(QuestionsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = area(
            _("Why it is not significant"), required=False, help_text=_("Asked when every answer is no.")
        )


class LawForm(QuestionsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=YES_NO_UNSURE, required=False, **kwargs)
        self.fields["exemption"] = area(
            _("Why it is exempt"), required=False, help_text=_("Asked when an exemption under Art. 6(3) is used.")
        )


class DecideForm(ReasonForm):
    approved = forms.TypedChoiceField(
        label=_("Decision"), choices=(("yes", _("Approve")), ("no", _("Reject"))), coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip


class NoteForm(PlainForm):
    sample_note = area(_("What you found"), max_length=2000)
