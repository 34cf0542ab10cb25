"""The register of control statements, one statement, and its form."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aims import asof
from aims.access import access_of
from aims.listing import Column
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, Link, Row
from aims.views.base import KindView
from aims.views.form import ChangeView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from controls import freshness, policies, services
from controls.forms import StatementForm
from controls.importing import STATEMENTS as FROM_FILES
from controls.models import ControlStatement
from controls.states import Status
from controls.tables import STATEMENTS, applicability_badge, reach_words, status_badge
from organization.models import Unit


class StatementView(KindView):
    """A page of control statements: every row comes with its control and with what the person sees behind it."""

    model = ControlStatement

    def rows(self) -> Any:
        user = self.request.user
        found = ControlStatement.objects.visible_to(user).with_links(user)
        return found.select_related("unit", "owner", "control__group", "scope")


class StatementList(StatementView, RegisterView):
    """Is every control decided, justified, implemented, evidenced?"""

    table = STATEMENTS
    lead = gettext_lazy("For each control of Annex A: does it apply, why, how is it implemented, and what shows it.")

    def title(self) -> str:
        return _("Statement of Applicability")

    def row(self, record: Any, columns: list[Column]) -> Row:
        grouped = self.table.order(self.request.GET) == self.table.sort
        cells = [column.cell(record) for column in columns]
        group = str(record.control.group) if grouped else ""
        return Row(cells=cells, url=self.kind.url(record.ref), ref=record.control.number, group=group)

    def actions(self) -> list[Action]:
        grid = Action(_("Edit all rows"), "/statements/grid/", icon="grid-dots", primary=True)
        sheet = Action(_("Import a sheet"), "/imports/create/?target=statement", icon="upload")
        may = any(policies.can_change_statement(self.request.user, row) for row in self.rows()[:1])
        return [*([sheet] if FROM_FILES.may(self.request.user) else []), grid] if may else []

    def empty(self) -> Empty:
        root = Unit.objects.filter(parent=None).first()
        may = root is not None and policies.can_open_statements(self.request.user, root)
        return Empty(
            title=_("No control is decided yet"),
            text=_(
                "The Statement of Applicability says for each of the 38 controls of Annex A whether it applies and "
                "why. Open it, and decide the controls one by one; none has a default."
            ),
            clause="6.1.3 f)",
            action=Action(_("Open the statements"), "/statements/open/", method="post", primary=True) if may else None,
        )


class OpenStatements(KindView):
    """Gives the organization an undecided statement for every control."""

    model = ControlStatement

    def post(self, request: HttpRequest) -> HttpResponse:
        opened = services.open_organization(by=request.user)  # type: ignore[arg-type]
        said = ngettext("%(count)d statement opened.", "%(count)d statements opened.", opened) % {"count": opened}
        messages.success(request, said)
        return redirect("statement_list")


class StatementDetail(StatementView, RecordView):
    """What do we say about this control, and is it true?"""

    summary_template = "controls/controlstatement_detail.html"

    def lead(self, record: Any) -> str:
        return str(record.control.summary)

    def badges(self, record: Any) -> list[Badge]:
        return [applicability_badge(record)] + ([] if record.excluded else [status_badge(record)])

    def actions(self, record: Any) -> list[Action]:
        url, found = record.get_absolute_url(), []
        if policies.can_change_statement(self.request.user, record):
            label = _("Change") if record.decided else _("Decide")
            found.append(Action(label, f"{url}change/", icon="pencil", primary=True))
        if policies.can_decide_statement(self.request.user, record):
            stop = Action(_("Stop differing"), f"{url}stop/")
            found.append(stop if record.differs else Action(_("A unit or system differs"), f"{url}differ/"))
        return found

    def facts(self, record: Any) -> Sequence[tuple[Any, Sequence[Fact]]]:
        return [
            (_("Decision"), self._decision(record)),
            *([] if record.excluded else [(_("Implementation"), self._implementation(record))]),
            (_("Responsibility"), self._responsibility(record)),
        ]

    def _decision(self, record: Any) -> list[Fact]:
        user: Any = self.request.user
        return [
            Fact(_("Applicability"), applicability_badge(record)),
            Fact(_("Justification"), record.justification, missing=_("No reason given yet")),
            Fact(_("Basis"), record.basis_words, missing=_("Not stated yet")),
            Fact(_("Called for by"), services.basis_records(record, user), missing=_("Nothing linked yet")),
            Fact(_("Applies to"), reach_words(record)),
            *([Fact(_("Scope"), record.scope)] if access_of(user).sees(record.scope) else []),
        ]

    def _implementation(self, record: Any) -> list[Fact]:
        return [
            Fact(_("Status"), status_badge(record)),
            Fact(_("How it is implemented"), record.implementation, missing=_("Not described yet")),
            Fact(_("Procedure"), record.procedure, missing=_("None named")),
            Fact(_("Last reviewed"), record.last_reviewed_on, missing=_("Not reviewed yet")),
            Fact(_("Evidence"), self._freshness(record), missing=_("None linked")),
        ]

    def _freshness(self, record: Any) -> list[Any]:
        """How fresh, until when, and for how long evidence counts here."""
        badge, until = freshness.standing_of(record, self.request.user, asof.day())
        if badge is None:
            return []
        said = _("It counts for %(days)d days.") % {"days": record.counts_for}
        return [badge, *([until] if until else []), said]

    def _responsibility(self, record: Any) -> list[Fact]:
        done = record.status in (Status.IMPLEMENTED, Status.NOT_APPLICABLE)
        return [
            Fact(_("Owner"), record.owner, missing=_("Nobody named")),
            *([] if done else [Fact(_("Due"), record.due_on, missing=_("No date"))]),
            Fact(_("Unit"), record.unit),
            Fact(_("Confidentiality"), record.get_confidentiality_display()),
            Fact(_("Answer sheet"), Link(str(record.control), record.control.get_absolute_url())),
        ]

    def extra(self, record: Any) -> dict[str, Any]:
        return {"control": record.control}


class StatementChange(StatementView, ChangeView):
    """The form, with what the control asks beside it."""

    form_class = StatementForm
    template_name = "controls/controlstatement_change.html"
    said: ClassVar[Any] = gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_statement(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Any:
        return services.change_statement(
            record,
            by=self.request.user,  # type: ignore[arg-type]
            data=form.data_for_service(),
            version=self.version(form),
        )

    def extra(self, record: Any) -> dict[str, Any]:
        return {"control": record.control}
