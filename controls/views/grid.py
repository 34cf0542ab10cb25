"""All statements of a scope at once: for the day the controls are decided, and for bringing owners and dates up to date."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aims import clock
from aims.access import access_of
from aims.errors import Hidden, NotPermitted
from aims.services import require
from aims.ui import Action, Crumb, Header, Link
from aims.views.form import FormView
from controls import differences, lints, policies, services
from controls.content import lines, statements_of
from controls.forms import CopyForm, RowForm, TickedForm
from controls.models import AimsScope, ControlStatement, SoaVersion
from controls.views.statements import StatementView


class ScopedView(StatementView):
    """A page about one scope: the one that `scope` names, else the widest in use that the person sees."""

    @cached_property
    def scope(self) -> AimsScope:
        named = self.request.GET.get("scope", "").upper()
        found = next((one for one in self.scopes if not named or one.ref == named), None)
        if found is None:
            raise Hidden if named else NotPermitted(_("Your roles here do not include changing control statements."))
        return found

    @cached_property
    def scopes(self) -> list[AimsScope]:
        seen = AimsScope.objects.visible_to(self.request.user).in_use().select_related("unit", "owner")
        return list(seen.order_by("unit__path", "pk"))


class StatementGrid(ScopedView):
    """Every row that was changed is saved by itself; a refused one stays open with the reason and what was typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page([RowForm(row, self.allowed(row)) for row in self.statements()])

    def post(self, request: HttpRequest) -> HttpResponse:
        forms = [RowForm(row, self.allowed(row), request.POST) for row in self.statements()]
        came = [form for form in forms if _came(form, request)]
        together = TickedForm(request.POST, came)
        if not together.is_valid():
            return self.page(forms, 400, together)
        changed = [form for form in came if form.has_changed() or together.changes(form)]
        saved = self.save([form for form in changed if form.is_valid()], together)
        if saved:
            said = ngettext("%(count)d statement saved.", "%(count)d statements saved.", saved) % {"count": saved}
            messages.success(request, said)
        refused = {form.statement.pk: form for form in changed if form.errors}
        return self.again(refused) if refused else redirect(f"/statements/?scope={self.scope.ref}")

    def again(self, refused: dict[int, RowForm]) -> HttpResponse:
        """Refused rows with what was typed; every other one as it is stored now."""
        rows = [refused.get(row.pk) or RowForm(row, self.allowed(row)) for row in self.statements()]
        return self.page(rows, 400)

    def statements(self) -> list[ControlStatement]:
        """The scope's own rows that this person may change; who may change none of them gets those of their places."""
        seen = ControlStatement.objects.visible_to(self.request.user).of_scope(self.scope)
        rows = seen.select_related("unit", "owner", "control__group", "scope").in_order()
        for kept in (rows.base(), rows.differing()):
            if found := [row for row in kept if policies.can_change_statement(self.request.user, row)]:
                return found
        raise NotPermitted(_("Your roles here do not include changing control statements."))

    def allowed(self, row: ControlStatement) -> frozenset[str]:
        return policies.open_fields(self.request.user, row)

    def save(self, forms: list[RowForm], together: TickedForm) -> int:
        """Hand the changed rows to the service; put each refusal beside its row. Answers how many were saved."""
        rows = [
            services.RowChange(
                form.statement, {**form.data_for_service(), **together.changes(form)}, form.cleaned_data["version"]
            )
            for form in forms
        ]
        outcomes = services.bulk_change(rows, by=self.request.user)  # type: ignore[arg-type]
        for form, outcome in zip(forms, outcomes, strict=True):
            form.take(outcome)
        return sum(outcome.status == 200 for outcome in outcomes)

    def page(self, forms: list[Any], status: int = 200, together: TickedForm | None = None) -> HttpResponse:
        lead = _("%(scope)s. Only the rows you change are saved, each by itself.") % {"scope": self.scope.title}
        header = Header(
            title=_("Edit all rows"),
            lead=lead,
            crumbs=[Crumb(_("Statement of Applicability"), "/statements/")],
            actions=self.actions(),
        )
        self.annotate(forms)
        context = {
            "header": header,
            "forms": forms,
            "together": together or TickedForm(None, forms),
            "refused": [form for form in forms if form.errors],
            "cancel": Action(_("Cancel"), "/statements/"),
        }
        return render(self.request, "controls/controlstatement_grid.html", context, status=status)

    def actions(self) -> list[Action]:
        """The other scopes, and copying from one of them."""
        found = [Action(one.title, f"?scope={one.ref}") for one in self.scopes if one.pk != self.scope.pk]
        if found and policies.can_differ(self.request.user, self.scope, self.scope.unit):
            found.append(Action(_("Copy from another scope"), f"/statements/copy/?scope={self.scope.ref}", icon="copy"))
        return found

    def annotate(self, forms: list[RowForm]) -> None:
        """Beside each row: what is wrong with it, and what differs from the approved version."""
        draft = lints.draft_of(self.scope, self.request.user, clock.today())
        found = lints.by_statement(lints.findings(draft))
        moved = self.moved(draft.approved)
        for form in forms:
            form.findings = found.get(form.statement.pk, [])
            form.moved = moved.get(form.statement.ref)

    def moved(self, approved: SoaVersion | None) -> Mapping[str, Link]:
        """Statement → the fields that differ from the version in force, by name."""
        if approved is None or not access_of(self.request.user).sees(approved):
            return {}
        found = differences.compare(approved.frozen["lines"], lines(statements_of(self.scope)))
        url = f"{approved.get_absolute_url()}differences/"
        return {one.statement: Link(", ".join(str(change.label) for change in one.changes), url) for one in found}


def _came(form: RowForm, request: HttpRequest) -> bool:
    """Whether the row was on the page that was sent: another person may have opened more since."""
    return form.add_prefix("version") in request.POST


class StatementCopy(ScopedView, FormView):
    """What another scope decided, as a beginning for the controls that are undecided here."""

    form_class, template_name, submit = CopyForm, "kit/act.html", gettext_lazy("Copy")

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        others = [one for one in self.scopes if one.pk != self.scope.pk]
        return CopyForm(others=others, user=self.request.user, **kwargs)

    def allowed(self, record: Any) -> None:
        require(policies.can_differ(self.request.user, self.scope, self.scope.unit))

    def heading(self, record: Any) -> str:
        return _("Copy into %(scope)s") % {"scope": self.scope.title}

    def extra(self, record: Any) -> dict[str, Any]:
        if len(self.scopes) < 2:
            return {"blocked": _("There is no other scope to copy from.")}
        return {"consequences": [
            _("Only controls that are undecided here are filled; nothing that was decided changes."),
            _("Decision, justification, basis, implementation and procedure are copied. Status, owner and evidence are not."),
        ]}  # fmt: skip

    def perform(self, record: Any, form: Any) -> int:
        by: Any = self.request.user
        source, reason = form.cleaned_data["source"], form.cleaned_data["reason"]
        outcomes = services.copy_statements(self.scope, source, by=by, reason=reason)
        count = sum(outcome.status == 200 for outcome in outcomes)
        said = ngettext("%(count)d statement copied.", "%(count)d statements copied.", count) % {"count": count}
        messages.success(self.request, said)
        for outcome in outcomes:
            for sentence in [one for found in outcome.errors.values() for one in found]:
                messages.warning(self.request, sentence)
        return count

    def success_url(self, done: Any) -> str:
        return f"/statements/grid/?scope={self.scope.ref}"
