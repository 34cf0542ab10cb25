"""All statements at once: for the day the controls are decided, and for bringing owners and dates up to date."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.errors import NotPermitted
from aims.ui import Action, Crumb, Header
from controls import policies, services
from controls.forms import RowForm
from controls.models import ControlStatement
from controls.views.statements import StatementView


class StatementGrid(StatementView):
    """Every row that was changed is saved by itself; a refused one stays open with the reason and what was typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page([RowForm(row, self.allowed(row)) for row in self.statements()])

    def post(self, request: HttpRequest) -> HttpResponse:
        forms = [RowForm(row, self.allowed(row), request.POST) for row in self.statements()]
        changed = [form for form in forms if _came(form, request) and form.has_changed()]
        saved = self.save([form for form in changed if form.is_valid()])
        if saved:
            said = ngettext("%(count)d statement saved.", "%(count)d statements saved.", saved) % {"count": saved}
            messages.success(request, said)
        refused = {form.statement.pk: form for form in changed if form.errors}
        return self.again(refused) if refused else redirect("statement_list")

    def again(self, refused: dict[int, RowForm]) -> HttpResponse:
        """Refused rows with what was typed; every other one as it is stored now."""
        rows = [refused.get(row.pk) or RowForm(row, self.allowed(row)) for row in self.statements()]
        return self.page(rows, 400)

    def statements(self) -> list[ControlStatement]:
        """The rows that this person may change at all."""
        rows = [row for row in self.rows().in_order() if policies.can_change_statement(self.request.user, row)]
        if not rows:
            raise NotPermitted(_("Your roles here do not include changing control statements."))
        return rows

    def allowed(self, row: ControlStatement) -> frozenset[str]:
        return policies.open_fields(self.request.user, row)

    def save(self, forms: list[RowForm]) -> int:
        """Hand the changed rows to the service; put each refusal beside its row. Answers how many were saved."""
        rows = [
            services.RowChange(form.statement, form.data_for_service(), form.cleaned_data["version"]) for form in forms
        ]
        outcomes = services.bulk_change(rows, by=self.request.user)  # type: ignore[arg-type]
        for form, outcome in zip(forms, outcomes, strict=True):
            form.take(outcome)
        return sum(outcome.status == 200 for outcome in outcomes)

    def page(self, forms: list[Any], status: int = 200) -> HttpResponse:
        lead = _("Only the rows you change are saved, each by itself.")
        header = Header(
            title=_("Edit all rows"), lead=lead, crumbs=[Crumb(_("Statement of Applicability"), "/statements/")]
        )
        context = {
            "header": header,
            "forms": forms,
            "refused": [form for form in forms if form.errors],
            "cancel": Action(_("Cancel"), "/statements/"),
        }
        return render(self.request, "controls/controlstatement_grid.html", context, status=status)


def _came(form: RowForm, request: HttpRequest) -> bool:
    """Whether the row was on the page that was sent: another person may have opened more since."""
    return form.add_prefix("version") in request.POST
