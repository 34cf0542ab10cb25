"""Engagements as our side keeps them: what opens, for whom, what the auditor sees and, afterwards, what they opened."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from aims import asof, clock
from aims.access import access_of
from aims.errors import Hidden
from aims.models import Reading
from aims.registry import RecordTab, registry
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, Link
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.register import RegisterView, state_badge
from audits import policies, services, windows
from audits.acts import CERTIFICATION_ACTS, ENGAGEMENT_ACTS
from audits.forms.engagements import CertificationForm, EngagementForm
from audits.forms.nonconformities import ReasonForm
from audits.models import Audit, Certification, Engagement, Finding, Nonconformity
from audits.reading import changed_since, requests_of
from audits.states import REQUEST_TONES
from audits.tables import CERTIFICATIONS, ENGAGEMENTS, grade_badge
from audits.views.base import ActingView, SeenView
from audits.views.blocks import Block, block
from evidence.sections import period
from inventory.models import AISystem

READ = 500  # readings shown


class EngagementList(SeenView, RegisterView):
    """To whom from outside are our records open, for how long?"""

    model, table = Engagement, ENGAGEMENTS
    lead = gettext_lazy("What auditors from outside may read, and until when. Access ends by itself.")

    def actions(self) -> list[Action]:
        may = policies.may(self.request.user, "engagement.open")
        return [Action(_("Open an engagement"), "/engagements/new/", icon="plus", primary=True)] if may else []

    def empty(self) -> Empty:
        text = _(
            "An engagement opens records of units or systems, clauses and a period to an auditor from outside, for a time."
        )
        return Empty(title=_("Our records are open to nobody"), text=text, clause="7.5.3, 9.2")


class EngagementDetail(ActingView):
    """Who is in, what is open, what was asked for?"""

    model, acts, summary_template = Engagement, ENGAGEMENT_ACTS, "audits/record.html"

    def badges(self, record: Engagement) -> list[Any]:
        running = Engagement.objects.running(clock.today()).filter(pk=record.pk).exists()
        return [Badge(_("Access open"), "warn") if running else Badge(_("Access closed"), "neutral")]

    def more_actions(self, record: Engagement) -> list[Action]:
        url, found = record.get_absolute_url(), []
        if record.state == "open" and policies.may(self.request.user, "engagement.change", record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil"))
        if policies.can_audit(self.request.user, record):
            found.append(Action(_("To the room"), f"{url}room/", icon="clipboard-list", primary=True))
        return found

    def strip(self, record: Engagement) -> Sequence[Fact]:
        return [
            Fact(_("Body or firm"), record.firm),
            Fact(_("Access from"), record.starts_on),
            Fact(_("Access until"), record.ends_on),
            Fact(_("Audit"), record.audit, missing=_("Not for you to see")),
        ]

    def facts(self, record: Engagement) -> Sequence[tuple[Any, Sequence[Fact]]]:
        user = self.request.user
        access = access_of(user)
        units = [row.scope_unit.name for row in record.units.select_related("scope_unit")
                 if access.all_units or row.scope_unit_id in access.seen_units | access.opened_units]  # fmt: skip
        systems = list(AISystem.objects.visible_to(user).filter(pk__in=record.systems.values("system")))
        opens = [
            Fact(_("Units"), units, missing=_("None")),
            Fact(_("AI systems"), systems, missing=_("None by name")),
            Fact(_("Clauses"), list(record.clauses), missing=_("All")),
            Fact(_("Records of the period"), period(record.period_from, record.period_to)),
            Fact(_("As"), record.get_role_display()),
            Fact(_("Our contact"), record.owner),
            Fact(_("Why it ended"), record.end_reason, missing=_("Ends by itself")),
        ]
        return [(_("What is open: all conditions together"), opens)]

    def extra(self, record: Engagement) -> dict[str, Any]:
        return {"blocks": [self._members(record)]}

    def _members(self, record: Engagement) -> Block:
        url = record.get_absolute_url()
        may = (
            record.state == "open"
            and policies.may(self.request.user, "engagement.change", record)
            and asof.moment() is None
        )
        rows = list(record.members.select_related("person"))
        cells = [
            [one.person, one.person.email, Link(_("Dismiss"), f"{url}members/{one.pk}/dismiss/") if may else ""]
            for one in rows
        ]
        add = Link(_("Let somebody in"), f"{url}admit/") if may else None
        return block(
            "members",
            _("Members"),
            [_("Person"), _("E-mail"), _("Change")],
            cells,
            none=_("Nobody is let in yet."),
            add=add,
        )


class EngagementCreate(CreateView):
    """Open an engagement."""

    model, form_class, submit = Engagement, EngagementForm, pgettext_lazy("verb", "Open")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "engagement.open"))

    def heading(self, record: Any) -> str:
        return _("Open an engagement")

    def initial(self, record: Any) -> dict[str, Any]:
        given = self.request.GET.dict()
        audit = Audit.objects.visible_to(self.request.user).filter(ref=given.pop("audit", "")).first()
        return {"owner": self.request.user, "audit": audit, "starts_on": clock.today(), **given}

    def perform(self, record: Any, form: Any) -> Engagement:
        by: Any = self.request.user
        given = form.data_for_service()
        audit = given["data"].pop("audit")
        return services.open_engagement(audit, by=by, on=clock.today(), **given)


class EngagementChange(SeenView, ChangeView):
    """Change what is open, and for how long."""

    model, form_class, said = Engagement, EngagementForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "engagement.change", record))

    def perform(self, record: Any, form: Any) -> Engagement:
        by: Any = self.request.user
        return services.change_engagement(
            record, by=by, on=clock.today(), version=self.version(form), **form.data_for_service()
        )


class Dismiss(SeenView, FormView):
    """End one member's access."""

    model, form_class, template_name = Engagement, ReasonForm, "kit/act.html"
    submit, said = gettext_lazy("End their access"), gettext_lazy("Their access is over.")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "engagement.change", record))

    def member(self, engagement: Engagement) -> Any:
        found = engagement.members.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Hidden
        return found

    def heading(self, record: Any) -> str:
        return _("End the access of %(name)s") % {"name": self.member(record).person}

    def perform(self, record: Engagement, form: Any) -> Engagement:
        by: Any = self.request.user
        return services.dismiss(record, by=by, member=self.member(record), on=clock.today(), version=self.version(form),
                                **form.data_for_service())  # fmt: skip


def requests_tab(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """The request list, the same for both sides."""
    may = policies.can_audit(request.user, engagement) and asof.moment() is None
    add = Link(_("Ask for something"), f"{engagement.get_absolute_url()}ask/") if may else None
    return {"blocks": [requests_block(request, engagement, add)]}


def requests_block(request: HttpRequest, engagement: Engagement, add: Link | None = None) -> Block:
    """What was asked for, how it stands, what was given and whether that changed since; the list as a file."""
    rows = requests_of(engagement, request.user)
    url = engagement.get_absolute_url()
    cells = [
        [
            one.number,
            one.wanted,
            one.clause,
            Badge(one.get_state_display(), REQUEST_TONES[one.state]),
            one.due_on,
            len(one.offered),
            _since(one),
        ]
        for one in rows
    ]
    head = [
        _("Number"),
        _("What is asked for"),
        _("Clause or control"),
        _("State"),
        _("Until"),
        _("Offered"),
        _("Since then"),
    ]
    return block("requests", _("Requests"), head, cells, none=_("Nothing is asked for yet."), add=add,
                 more=_files(request, engagement) if asof.moment() is None else [],
                 urls=[f"{url}requests/{one.pk}/" for one in rows])  # fmt: skip


def _files(request: HttpRequest, engagement: Engagement) -> list[Link]:
    """The list as a file, out and in."""
    user, url, found = request.user, engagement.get_absolute_url(), []
    if policies.can_comment(user, engagement):
        found = [Link(_("Export CSV"), f"{url}requests.csv"), Link(_("Export XLSX"), f"{url}requests.xlsx")]
    if engagement.state == "open" and policies.can_bring_list(user, engagement):
        found.append(Link(_("Import a list"), f"{url}import/"))
    return found


def _since(request: Any) -> Any:
    """Whether what was offered has changed since; what changed stands on the request's own page."""
    changed = sum(map(changed_since, request.offered))
    return Badge(_("%(count)d changed") % {"count": changed}, "warn", "history") if changed else ""


def mirror_tab(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What the auditor sees: the same rule, kind by kind, with the latest records."""
    require(policies.may(request.user, "engagement.change", engagement))
    seer = windows.mirror(engagement)
    blocks = []
    for kind in sorted(registry.kinds.values(), key=lambda one: str(one.plural)):
        if not hasattr(kind.model.objects, "visible_to") or not hasattr(kind.model, "prefix"):
            continue
        rows = kind.model.objects.visible_to(seer)
        count = rows.count()
        if count:
            latest = list(
                rows.filter(pk__in=kind.model.objects.visible_to(request.user).values("pk")).order_by("-updated_at")[:5]
            )
            title = _("%(kind)s: %(count)d") % {"kind": kind.plural, "count": count}
            blocks.append(block(f"kind-{kind.name}", title, [_("The latest"), _("Changed")], [[str(one), one.updated_at] for one in latest],
                                none=_("None that you see yourself."), urls=[one.get_absolute_url() for one in latest]))  # fmt: skip
    return {
        "blocks": blocks,
        "notes": [("info", _("This is everything that the members see, by the rule that is asked for them."))],
    }


def readings_tab(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What the members opened and took away. Our side is shown it only after the engagement ended."""
    require(policies.may(request.user, "engagement.change", engagement))
    if not windows.over(engagement, clock.today()):
        words = _("What the members open is recorded. It is shown here when the engagement is over.")
        return {"notes": [("info", words)], "blocks": []}
    people = engagement.members.values("person")
    rows = (
        Reading.objects.filter(person__in=people, at__date__gte=engagement.starts_on)
        .select_related("person")
        .order_by("-pk")
    )
    cells = [[one.at, one.person, one.get_what_display(), one.path, one.digest] for one in rows[:READ]]
    head = [_("When"), _("Person"), _("What"), _("Address"), "SHA-256"]
    return {"blocks": [block("readings", _("Opened and taken away"), head, cells, none=_("Nothing was opened."))]}


class CertificationList(SeenView, RegisterView):
    """Which certificates do we hold, until when?"""

    model, table = Certification, CERTIFICATIONS
    lead = gettext_lazy("Certification body, certificate, scope wording and the visits that keep it.")

    def actions(self) -> list[Action]:
        may = policies.may(self.request.user, "certification.record")
        return [Action(_("Record a certification"), "/certifications/new/", icon="plus", primary=True)] if may else []

    def empty(self) -> Empty:
        return Empty(
            title=_("No certification is on record"), text=_("Record the one you hold or are preparing."), clause="9.2"
        )


class CertificationDetail(ActingView):
    """What is certified, by whom, until when, and what comes next?"""

    model, acts, summary_template = Certification, CERTIFICATION_ACTS, "audits/record.html"

    def more_actions(self, record: Certification) -> list[Action]:
        may = policies.may(self.request.user, "certification.change", record)
        return [Action(_("Change"), f"{record.get_absolute_url()}change/", icon="pencil")] if may else []

    def facts(self, record: Certification) -> Sequence[tuple[Any, Sequence[Fact]]]:
        return [
            ("", [
                Fact(_("Certification body"), record.body),
                Fact(_("Accredited by"), record.accreditation, missing=_("Not stated")),
                Fact(pgettext("norm", "Standard"), record.standard),
                Fact(_("Certificate number"), record.number, missing=_("None yet")),
                Fact(_("Scope"), record.scope, wide=True),
                Fact(_("Issued on"), record.issued_on, missing=_("Not yet")),
                Fact(_("Valid until"), record.valid_until, missing=_("Not yet")),
                Fact(_("Notes"), record.notes, missing=_("None")),
            ])
        ]  # fmt: skip

    def extra(self, record: Certification) -> dict[str, Any]:
        user = self.request.user
        seen = Audit.objects.visible_to(user)
        visits = list(record.visits.all())
        audits = {one.pk: one for one in seen.filter(pk__in=[one.audit_id for one in visits if one.audit_id])}
        cells = [[one.get_sort_display(), one.planned_on, audits.get(one.audit_id) or "–"] for one in visits]
        found = Finding.objects.visible_to(user).filter(audit__in=audits).values("pk")
        rows = list(Nonconformity.objects.visible_to(user).filter(finding__in=found).order_by("-pk"))
        ncs = [[one.title, grade_badge(one), state_badge(one)] for one in rows]
        return {
            "blocks": [
                block("visits", _("Visits"), [_("Kind"), _("Planned for"), _("Audit")], cells, none=_("No visit is planned.")),
                block("body", _("Nonconformities of the body"), [_("Nonconformity"), _("Grade"), _("State")], ncs,
                      none=_("None is on record."), urls=[one.get_absolute_url() for one in rows]),
            ]
        }  # fmt: skip


class CertificationCreate(CreateView):
    """Record a certification."""

    model, form_class = Certification, CertificationForm

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "certification.record"))

    def heading(self, record: Any) -> str:
        return _("Record a certification")

    def initial(self, record: Any) -> dict[str, Any]:
        return {"owner": self.request.user, **self.request.GET.dict()}

    def perform(self, record: Any, form: Any) -> Certification:
        by: Any = self.request.user
        return services.record_certification(by=by, data=form.data_for_service())


class CertificationChange(SeenView, ChangeView):
    """Change the record of a certification."""

    model, form_class, said = Certification, CertificationForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "certification.change", record))

    def perform(self, record: Any, form: Any) -> Certification:
        by: Any = self.request.user
        return services.change_certification(record, by=by, data=form.data_for_service(), version=self.version(form))


TABS = (
    RecordTab("engagement", "requests", gettext_lazy("Requests"), "audits/record.html", requests_tab, order=10),
    RecordTab(
        "engagement", "mirror", gettext_lazy("What the auditor sees"), "audits/record.html", mirror_tab, order=20
    ),
    RecordTab("engagement", "readings", gettext_lazy("What they opened"), "audits/record.html", readings_tab, order=30),
)
