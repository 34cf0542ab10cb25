"""Importing in the browser: hand in a file, confirm its columns, look at what is wrong, let it run, take it back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import exports
from aims.access import access_of
from aims.errors import Hidden, NotPermitted
from aims.forms import ReasonForm
from aims.importing import services
from aims.importing.fields import ImportField
from aims.importing.forms import NEW, ColumnsForm, FileForm, OwnFieldForm, StartForm
from aims.importing.tables import IMPORTS
from aims.models import Import, ImportLine, OwnField
from aims.registry import registry
from aims.services import require
from aims.states import ImportState, LineState
from aims.ui import Action, Badge, Empty, Fact, Header, Link
from aims.views.base import KindView, PageView
from aims.views.form import CreateView, FormView
from aims.views.jobs import job_card
from aims.views.record import RecordView
from aims.views.register import RegisterView

SHOWN = 100
TONES: dict[str, Any] = {
    LineState.WRONG: "bad", LineState.NEW: "info", LineState.UPDATE: "info", LineState.MADE: "good",
    LineState.CHANGED: "good", LineState.KEPT: "warn", LineState.TWICE: "warn",
}  # fmt: skip


class ImportView(KindView):
    model = Import

    def rows(self) -> Any:
        """One's own: a file may hold what others must not see."""
        return super().rows().filter(owner=self.request.user.pk)


class ImportList(ImportView, RegisterView):
    """Which files came in, and what became of them?"""

    table = IMPORTS
    lead = gettext_lazy("Files of records: each is read, checked cell by cell, imported, and can be taken back.")

    def actions(self) -> list[Action]:
        if not services.may_import(self.request.user):
            return []
        own = [Action(_("Own fields"), reverse("own_fields"), icon="forms")] if _may_define(self.request.user) else []
        return [*own, Action(_("Import a file"), reverse("import_create"), icon="upload", primary=True)]

    def empty(self) -> Empty:
        text = _("Bring AI systems, components, suppliers and people from the sheet you keep them in today.")
        return Empty(_("No file yet"), text, clause="4.3", action=next((a for a in self.actions() if a.primary), None))


def _may_define(user: Any) -> bool:
    return bool(access_of(user).capacity("own_field.define"))


class ImportCreate(ImportView, CreateView):
    """Hand in a file."""

    form_class = FileForm
    template_name = "imports/create.html"
    submit = gettext_lazy("Read the file")

    def heading(self, record: Any) -> str:
        return _("Import a file")

    def allowed(self, record: Any) -> None:
        if not services.may_import(self.request.user):
            raise NotPermitted(_("Your roles here do not include importing."))

    def extra(self, record: Any) -> dict[str, Any]:
        blanks = [
            Link(str(one.label), reverse("import_sheet", args=[one.kind]))
            for one in services.may_import(self.request.user)
        ]
        return {"blanks": blanks, "draft": False}

    def perform(self, record: Any, form: Any) -> Import:
        given = form.cleaned_data
        file = given["file"]
        return services.begin_import(by=self.request.user, target=given["target"], file=file, name=file.name)


class ImportSheet(PageView):
    """A workbook of everything of a kind that one sees, with the headings that importing knows; `?blank=1` without rows."""

    def get(self, request: HttpRequest, target: str) -> HttpResponseBase:
        if target not in registry.importables:
            raise Hidden
        kind = services.importable(target)
        require(kind.may(request.user))
        fields = services.fields_of(kind)
        rows = [] if request.GET.get("blank") else kind.rows(request.user)
        head = [_("Reference here"), *(str(one.label) for one in fields)]
        return exports.xlsx_response(target, head, (_cells(record, fields) for record in rows))


def _cells(record: Any, fields: Sequence[ImportField]) -> list[str]:
    return [getattr(record, "ref", "") or str(record.pk), *(one.write(record) for one in fields)]


class ImportDetail(ImportView, RecordView):
    """What did the file hold, what is wrong with it, what became of it?"""

    summary_template = "imports/detail.html"

    def rows(self) -> Any:
        return super().rows().select_related("job")

    def actions(self, record: Import) -> list[Action]:
        if not services.own_import(record, self.request.user):
            return []
        url = record.get_absolute_url()
        if record.state in (ImportState.READ, ImportState.CHECKED):
            label = _("Confirm the columns") if record.state == ImportState.READ else _("Columns and meanings")
            first = Action(label, f"{url}columns/", icon="columns", primary=record.state == ImportState.READ)
            return [first, Action(_("Drop"), f"{url}drop/", method="post", icon="x", version=record.version)]
        if record.state == ImportState.DONE:
            return [Action(_("Take back"), f"{url}take-back/", icon="arrow-back-up", danger=True)]
        return []

    def facts(self, record: Import) -> Sequence[tuple[Any, Sequence[Fact]]]:
        target = services.importable(record.target)
        return [
            (
                _("The file"),
                [
                    Fact(_("What it holds"), str(target.label)),
                    Fact(_("File"), record.file_name),
                    Fact(_("Size"), filesizeformat(record.size)),
                    Fact("SHA-256", record.sha256, wide=True),
                    Fact(_("Handed in by"), record.owner),
                ],
            )
        ]

    def extra(self, record: Import) -> dict[str, Any]:
        context: dict[str, Any] = {"notes": [("info", text) for text in record.remarks]}
        if record.state == ImportState.FAILED:
            context["notes"].insert(0, ("bad", record.failure))
        if record.state in ImportState.working():
            return {**context, "job": import_card(record)}
        if record.state == ImportState.CHECKED and services.own_import(record, self.request.user):
            context["start"] = StartForm(initial={"version": record.version})
            context["wrong"] = record.counts.get(LineState.WRONG, 0)
            context["twice"] = record.counts.get(LineState.TWICE, 0)
            context["ready"] = record.counts.get(LineState.NEW, 0) + record.counts.get(LineState.UPDATE, 0)
        return {**context, "counts": _counts(record), **self._lines(record)}

    def _lines(self, record: Import) -> dict[str, Any]:
        """The lines one asked for, the wrong ones first of all."""
        state = self.request.GET.get("lines", "")
        state = state if state in LineState.values else (LineState.WRONG if record.counts.get(LineState.WRONG) else "")
        lines = record.lines.filter(number__gt=record.header_row).select_related("record", "person").order_by("number")
        lines = lines.filter(state=state) if state else lines.exclude(state=LineState.READ)
        shown = [_line(record, line) for line in lines[:SHOWN]]
        return {"lines": shown, "line_state": LineState(state).label if state else _("All lines"), "most": SHOWN}


def _counts(record: Import) -> list[tuple[Badge, int, str]]:
    """Badge, number and link of each state in which there are lines."""
    url = record.get_absolute_url()
    known = [(state, record.counts[state]) for state in LineState.values if record.counts.get(state)]
    return [
        (Badge(str(LineState(state).label), TONES.get(state, "neutral")), n, f"{url}?lines={state}")
        for state, n in known
    ]


def _line(record: Import, line: ImportLine) -> dict[str, Any]:
    """A line as the page shows it: its first cells, what is wrong by heading, where it led."""
    wrong = [(_heading(record, number), _cell(line, number), told) for number, told in line.errors.items()]
    made = line.record or line.person
    return {
        "number": line.number,
        "words": [cell for cell in line.cells if cell][:4],
        "badge": Badge(str(LineState(line.state).label), TONES.get(line.state, "neutral")),
        "wrong": wrong,
        "hint": line.hint,
        "link": Link(str(made), made.get_absolute_url()) if made is not None else None,
    }


def _heading(record: Import, number: str) -> str:
    return record.headers[int(number)] if number.isdigit() and int(number) < len(record.headers) else ""


def _cell(line: ImportLine, number: str) -> str:
    return line.cells[int(number)] if number.isdigit() and int(number) < len(line.cells) else ""


def import_card(record: Import) -> dict[str, Any]:
    """The progress of the stretch a worker is on."""
    assert record.job is not None
    card = job_card(record.job, record.get_state_display())
    return {**card, "poll_url": f"{record.get_absolute_url()}progress/?seen={record.state}", "retry_url": ""}


class ImportProgress(ImportView):
    """The progress card, asked for every second; the whole page when the state is another."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.get_record()
        if record.job is None:
            raise Hidden
        response = render(request, "kit/_progress.html", {"job": import_card(record)})
        if record.state != request.GET.get("seen"):
            response["HX-Refresh"] = "true"
        return response


class ImportColumns(ImportView, FormView):
    """What is each column, and what do its texts mean?"""

    template_name = "imports/columns.html"
    submit = gettext_lazy("Check every cell")

    def heading(self, record: Import) -> str:
        return _("Columns of %(file)s") % {"file": record.file_name}

    def allowed(self, record: Import) -> None:
        require(services.own_import(record, self.request.user))

    def form_for(self, record: Import, **kwargs: Any) -> ColumnsForm:
        given = {name: value for name, value in kwargs.items() if name in ("data",)}
        return ColumnsForm(run=record, user=self.request.user, may_define=_may_define(self.request.user), **given)

    def extra(self, record: Import) -> dict[str, Any]:
        return {"draft": False}

    def perform(self, record: Import, form: Any) -> Import:
        columns = self._with_own(record, form)
        return services.confirm_columns(
            record, by=self.request.user, columns=columns, header_row=form.cleaned_data["header_row"],
            meanings=form.said_meanings(), orders=form.said_orders(), keep_as=form.cleaned_data["keep_as"],
            version=self.version(form),
        )  # fmt: skip

    def _with_own(self, record: Import, form: Any) -> dict[str, str]:
        """Columns that become fields of our own are defined first, named by their headings."""
        chosen: dict[str, str] = form.chosen_columns()
        for number, name in chosen.items():
            if name == NEW:
                own = services.define_own_field(
                    by=self.request.user, kind=record.target, label=record.headers[int(number)]
                )
                chosen[number] = f"own:{own.key}"
        return chosen

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        messages.warning(self.request, str(stale.detail))
        return redirect(record.get_absolute_url())


class ImportStart(ImportView):
    """Let it run."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record, form = self.get_record(), StartForm(request.POST)
        form.is_valid()
        services.importable(record.target).confirm(request, list(record.columns.values()))
        given = form.cleaned_data
        services.start_import(
            record, by=request.user, leave_wrong=given.get("leave_wrong", False),
            with_twice=given.get("with_twice", False), version=given.get("version"),
        )  # fmt: skip
        return redirect(record.get_absolute_url())


class ImportDrop(ImportView):
    """Do not go on."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = services.drop_import(self.get_record(), by=request.user)
        messages.success(request, _("Dropped. Nothing was made."))
        return redirect(record.get_absolute_url())


class ImportTakeBack(ImportView, FormView):
    """Undo what the file made."""

    form_class, template_name = ReasonForm, "kit/act.html"
    submit = gettext_lazy("Take it back")

    def heading(self, record: Import) -> str:
        return _("Take back %(file)s") % {"file": record.file_name}

    def allowed(self, record: Import) -> None:
        require(services.own_import(record, self.request.user))

    def extra(self, record: Import) -> dict[str, Any]:
        said = [
            _("What the file made goes; what it changed gets its earlier values."),
            _("What somebody edited since, or other records point to, stays and is listed."),
        ]
        return {"consequences": said, "danger": True}

    def perform(self, record: Import, form: Any) -> Import:
        return services.take_back(
            record, by=self.request.user, reason=form.cleaned_data["reason"], version=self.version(form)
        )


class OwnFields(PageView):
    """Which fields did we add, and to what?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        self._allowed()
        return self.page(OwnFieldForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        self._allowed()
        form = OwnFieldForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(form, 400)
        given = {**form.cleaned_data, "choices": form.cleaned_data["choices"].splitlines()}
        try:
            services.define_own_field(by=request.user, **given)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form, 400)
        messages.success(request, _("The field is there."))
        return redirect("own_fields")

    def _allowed(self) -> None:
        require("defines" if _may_define(self.request.user) else "")

    def page(self, form: OwnFieldForm, status: int = 200) -> HttpResponse:
        lead = _("They show on records, in registers, exports, the API and the trail.")
        header = Header(title=_("Own fields"), lead=lead)
        own = [(registry.kinds[one.kind].plural, one) for one in OwnField.objects.order_by("kind", "ended", "label")]
        context = {"header": header, "form": form, "own": own, "submit": _("Add the field"), "draft": False}
        return render(self.request, "imports/own_fields.html", context, status=status)


class OwnFieldEnd(PageView):
    """Stop asking for a field."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        own = OwnField.objects.filter(pk=pk).first() if _may_define(request.user) else None
        if own is None:
            raise Hidden
        services.end_own_field(own, by=request.user)
        messages.success(request, _("The field is asked no more; what was said stays."))
        return redirect("own_fields")
