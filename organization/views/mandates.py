"""Pages of authorities, records of competence and overrides of separated duties."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from aims import clock
from aims.access import access_of
from aims.forms import ReasonForm
from aims.services import require
from aims.ui import Action, Empty, Fact
from aims.views.base import KindView
from aims.views.form import CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from organization.commitment_tables import due_cell
from organization.deciding import Deciding
from organization.mandate_forms import AuthorityForm, CompetenceForm, FindingForm, RenewForm
from organization.mandate_tables import (
    AUTHORITIES,
    COMPETENCES,
    OVERRIDES,
    holder,
    level_words,
    mandate_badge,
    record_link,
    rule_words,
)
from organization.mandates import Authority, CompetenceRecord, DutyOverride
from organization.services import mandates as services
from organization.services.duties import review_override


class MandateView(KindView):
    """A page of one of the kinds below."""

    def rows(self) -> Any:
        return super().rows().select_related(*self.table.related)

    table: Any = None

    def may(self, verb: str, record: Any = None) -> str:
        return access_of(self.request.user).capacity(f"{self.kind.name}.{verb}", record)


class AuthorityView(MandateView):
    model, table = Authority, AUTHORITIES


class AuthorityList(AuthorityView, RegisterView):
    """Who may decide what, up to which level, where, until when?"""

    lead = gettext_lazy("Decisions that people or roles may take beside what their roles and the criteria say.")

    def actions(self) -> list[Action]:
        if not self.may("give"):
            return []
        return [Action(_("Give authority"), "/authorities/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _("The risk criteria say which roles accept which level. Who else may decide something is named here.")
        return Empty(
            title=_("No authority is given yet"), text=text, clause="5.3", action=next(iter(self.actions()), None)
        )


class AuthorityDetail(AuthorityView, RecordView):
    """What may be decided, by whom, until when?"""

    def badges(self, record: Authority) -> list[Any]:
        return [mandate_badge(record)]

    def actions(self, record: Authority) -> list[Action]:
        may = record.in_force and self.may("end", record)
        return [Action(_("End"), f"{record.get_absolute_url()}end/", icon="ban", danger=True)] if may else []

    def facts(self, record: Authority) -> Sequence[tuple[Any, Sequence[Fact]]]:
        told = [
            Fact(_("Who"), holder(record)),
            Fact(_("What"), record.get_act_display()),
            Fact(_("Up to the level"), level_words(record)),
            Fact(_("Unit"), record.unit.name),
            Fact(_("From"), record.valid_from),
            Fact(_("Until"), record.valid_until, missing=_("Open")),
            Fact(_("Given by"), record.granted_by),
            Fact(_("Reason"), record.reason),
        ]
        return [("", [*told, *ended(record)])]


def ended(record: Any) -> list[Fact]:
    """How a mandate ended; nothing while it holds."""
    if record.in_force:
        return []
    return [Fact(_("Ended"), record.ended_on), Fact(_("Why it ended"), record.end_reason)]


class AuthorityGive(Deciding, AuthorityView, CreateView):
    """Lets somebody decide."""

    form_class, submit, said = (
        AuthorityForm,
        gettext_lazy("Give the authority"),
        gettext_lazy("The authority is given."),
    )

    def allowed(self, record: Any) -> None:
        require(self.may("give"))

    def initial(self, record: Any) -> dict[str, Any]:
        return {"valid_from": clock.today(), **super().initial(record)}

    def heading(self, record: Any) -> str:
        return _("Give authority")

    def perform(self, record: Any, form: Any) -> Authority:
        return services.grant_authority(by=self.request.user, data=form.data_for_service())


class MandateEnd(Deciding, FormView):
    """Takes a mandate back."""

    form_class, template_name = ReasonForm, "kit/act.html"
    submit, said = gettext_lazy("End it"), gettext_lazy("Ended.")
    service: Any = None

    def allowed(self, record: Any) -> None:
        require(self.may("end", record))  # type: ignore[attr-defined]

    def heading(self, record: Any) -> str:
        return _("End: %(title)s") % {"title": record.title}

    def perform(self, record: Any, form: Any) -> Any:
        reason, version = form.cleaned_data["reason"], self.version(form)
        return type(self).service(record, by=self.request.user, reason=reason, on=clock.today(), version=version)


class AuthorityEnd(MandateEnd, AuthorityView):
    service = services.end_authority


class CompetenceView(MandateView):
    model, table = CompetenceRecord, COMPETENCES


class CompetenceList(CompetenceView, RegisterView):
    """Who is competent for what, and until when?"""

    lead = gettext_lazy("What people can do for responsible AI, on what ground. What runs out comes back as a task.")

    def actions(self) -> list[Action]:
        if not self.may("record"):
            return []
        return [Action(_("Record competence"), "/competences/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _("Record what the people who assess, approve and oversee have learned, with its proof and its end.")
        return Empty(
            title=_("Nothing is recorded yet"), text=text, clause="7.2, A.4.6", action=next(iter(self.actions()), None)
        )


class CompetenceDetail(CompetenceView, RecordView):
    """What shows that this person can do it, and until when?"""

    def badges(self, record: CompetenceRecord) -> list[Any]:
        return [mandate_badge(record)]

    def actions(self, record: CompetenceRecord) -> list[Action]:
        url, found = record.get_absolute_url(), []
        if not record.in_force or record.owner_id == self.request.user.pk:
            return []
        if self.may("end", record):
            found.append(Action(_("End"), f"{url}end/", icon="ban"))
        if self.may("renew", record):
            found.append(Action(_("Renew"), f"{url}renew/", icon="refresh", primary=True))
        return found

    def facts(self, record: CompetenceRecord) -> Sequence[tuple[Any, Sequence[Fact]]]:
        told = [
            Fact(_("Person"), record.owner),
            Fact(_("On what ground"), record.ground),
            Fact(_("Since"), record.acquired_on),
            Fact(_("Until"), due_cell(record), missing=_("Open")),
            Fact(_("How its effect was evaluated"), record.effect, missing=_("Not yet")),
            Fact(_("Confirmed by"), record.confirmed_by),
        ]
        return [("", [*told, *ended(record)])]


class CompetenceRecordNew(Deciding, CompetenceView, CreateView):
    """Confirms what another person can do."""

    form_class, submit, said = CompetenceForm, pgettext_lazy("verb", "Record"), gettext_lazy("Recorded.")

    def allowed(self, record: Any) -> None:
        require(self.may("record"))

    def heading(self, record: Any) -> str:
        return _("Record competence")

    def perform(self, record: Any, form: Any) -> CompetenceRecord:
        return services.record_competence(by=self.request.user, data=form.data_for_service())


class CompetenceRenew(Deciding, CompetenceView, FormView):
    """Confirms it again."""

    form_class, submit, said = RenewForm, gettext_lazy("Renew"), gettext_lazy("Renewed.")

    def allowed(self, record: Any) -> None:
        require(self.may("renew", record))

    def heading(self, record: Any) -> str:
        return _("Renew: %(title)s") % {"title": record.title}

    def perform(self, record: CompetenceRecord, form: Any) -> CompetenceRecord:
        data, version = form.data_for_service(), self.version(form)
        return services.renew_competence(record, by=self.request.user, data=data, version=version)


class CompetenceEnd(MandateEnd, CompetenceView):
    service = services.end_competence


class OverrideView(MandateView):
    model, table = DutyOverride, OVERRIDES


class OverrideList(OverrideView, RegisterView):
    """Where did one person hold two duties, and did another look at it?"""

    lead = gettext_lazy("One person did both because the table of duties lets them. Another person looks at each.")

    def actions(self) -> list[Action]:
        return [Action(_("Table of duties"), "/duties/", icon="table")]

    def empty(self) -> Empty:
        text = _("Duties are separated everywhere. Overrides appear here when the table of duties allows them.")
        return Empty(title=_("No rule was overridden"), text=text, clause="5.3")


class OverrideDetail(OverrideView, RecordView):
    """Why did one person do both, what kept it safe, and what did the review find?"""

    def badges(self, record: DutyOverride) -> list[Any]:
        return [state_badge(record)]

    def lead(self, record: DutyOverride) -> str:
        return rule_words(record)

    def actions(self, record: DutyOverride) -> list[Action]:
        may = record.open and record.by_id != self.request.user.pk and self.may("review", record)
        url = f"{record.get_absolute_url()}review/"
        return [Action(pgettext("verb", "Review"), url, icon="eye-check", primary=True)] if may else []

    def facts(self, record: DutyOverride) -> Sequence[tuple[Any, Sequence[Fact]]]:
        told = [
            Fact(_("Record"), record_link(record)),
            Fact(_("By"), record.by),
            Fact(_("When"), record.at),
            Fact(_("Tier"), record.get_tier_display()),
            Fact(_("Reason"), record.reason),
            Fact(_("Safeguard"), record.safeguard),
            Fact(_("Review by"), due_cell(record) or record.review_by),
            Fact(_("Reviewed by"), record.reviewed_by, missing=_("Not yet")),
            Fact(_("What the review found"), record.finding, missing=_("Not yet")),
        ]
        return [("", told)]


class OverrideReview(Deciding, OverrideView, FormView):
    """Another person says what they found."""

    form_class, template_name = FindingForm, "kit/act.html"
    submit, said = gettext_lazy("Record the review"), gettext_lazy("Reviewed.")

    def allowed(self, record: Any) -> None:
        require(self.may("review", record))

    def heading(self, record: Any) -> str:
        return _("Review: %(title)s") % {"title": record.title}

    def extra(self, record: DutyOverride) -> dict[str, Any]:
        if not record.open:
            return {"blocked": _("It was reviewed already.")}
        told = [Fact(_("By"), record.by), Fact(_("Reason"), record.reason), Fact(_("Safeguard"), record.safeguard)]
        return {"facts": [("", told)]}

    def perform(self, record: DutyOverride, form: Any) -> DutyOverride:
        finding, version = form.cleaned_data["finding"], self.version(form)
        return review_override(record, by=self.request.user, finding=finding, at=clock.now(), version=version)
