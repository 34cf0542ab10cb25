"""Forms of importing: the file, what its columns are, what its texts mean; own fields."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.forms import Refusable
from aims.importing.fields import Context, ImportField
from aims.importing.services import KEY, REF, fields_of, importable, kept_plan, may_import
from aims.models import Import, ImportLine
from aims.states import LineState, OwnType

SAMPLES = 3
NEW = "new"  # a column that becomes an own field
MOST_UNCLEAR = 50  # different texts a field asks about at once
ORDERS = (
    ("", gettext_lazy("As each date shows")),
    ("dmy", gettext_lazy("Day first")),
    ("mdy", gettext_lazy("Month first")),
)


class FileForm(Refusable, forms.Form):
    """A file and what it holds."""

    target = forms.ChoiceField(label=gettext_lazy("What it holds"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("XLSX or CSV, up to 20 MB and 20,000 rows.")
    )

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.kind, one.label) for one in may_import(user)]
        self.fields["target"].choices = choices  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.tsv"


class ColumnsForm(Refusable, forms.Form):
    """What each column is read as; what the texts mean that nothing here is called."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    header_row = forms.IntegerField(label=gettext_lazy("Row of the headings"), min_value=1, max_value=20)
    keep_as = forms.CharField(
        label=gettext_lazy("Keep this way of reading as"), max_length=80, required=False,
        help_text=gettext_lazy("The next file with these headings is read the same way."),
    )  # fmt: skip

    def __init__(self, *args: Any, run: Import, user: Any, may_define: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.target = run, importable(run.target)
        self.by_name = {one.name: one for one in fields_of(self.target)}
        self.context = Context(user, run.created_at.date(), run.created_at)
        kept = kept_plan(run.target, run.headers)
        self.initial = {"version": run.version, "header_row": run.header_row, "keep_as": kept.name if kept else ""}
        self._ask_columns(may_define)
        self._ask_orders()
        self._ask_meanings()

    def _ask_columns(self, may_define: bool) -> None:
        new = [(NEW, _("A new field of our own"))] if may_define and self.target.takes_own else []
        named = [(one.name, str(one.label)) for one in self.by_name.values()]
        choices = [("", _("Leave out")), *named, (KEY, _("Your own key")), (REF, _("Reference here")), *new]
        self.columns = []
        for number, heading in enumerate(self.run.headers):
            name = f"column_{number}"
            self.fields[name] = forms.ChoiceField(
                label=heading or _("Column %(n)s") % {"n": number + 1}, choices=choices, required=False
            )
            self.initial[name] = self.run.columns.get(str(number), "")
            self.columns.append((name, number))

    def _ask_orders(self) -> None:
        dated = {one.name for one in self.by_name.values() if one.dated}
        self.orders = [name for name in self.run.columns.values() if name in dated]
        for name in self.orders:
            label = _("Order of the dates in “%(name)s”") % {"name": self.by_name[name].label}
            self.fields[f"order_{name}"] = forms.ChoiceField(label=label, choices=ORDERS, required=False)
            self.initial[f"order_{name}"] = self.run.orders.get(name, "")

    def _ask_meanings(self) -> None:
        self.meanings: list[tuple[str, str, str]] = []
        for number, name in self.run.columns.items():
            field = self.by_name.get(name)
            if field is not None and field.options is not None:
                self._ask_texts(field, int(number))

    def _ask_texts(self, field: ImportField, number: int) -> None:
        assert field.options is not None
        choices = [(NEW, _("Not said yet")), ("", _("Leave empty")), *field.options(self.context)]
        kept = self.run.meanings.get(field.name, {})
        for text in [*kept, *(one for one in self._unclear(number) if one.lower() not in kept)][:MOST_UNCLEAR]:
            name = f"mean_{len(self.meanings)}"
            self.fields[name] = forms.ChoiceField(label=text or _("(empty cells)"), choices=choices, required=False)
            self.initial[name] = kept.get(text.lower(), NEW)
            self.meanings.append((name, field.name, text))

    def _unclear(self, number: int) -> list[str]:
        """The texts of a column that were not understood; the empty one where something must stand."""
        wrong = ImportLine.objects.filter(run=self.run, state=LineState.WRONG, errors__has_key=str(number))
        found = {line.cells[number] for line in wrong.order_by("number") if number < len(line.cells)}
        return sorted(found)

    def column_rows(self) -> Iterable[tuple[Any, Sequence[str]]]:
        """(field, samples of the column) for the page."""
        lines = list(self.run.lines.filter(number__gt=self.run.header_row).order_by("number")[:50])
        for name, number in self.columns:
            texts = [line.cells[number] for line in lines if number < len(line.cells) and line.cells[number]]
            yield self[name], list(dict.fromkeys(texts))[:SAMPLES]

    def meaning_rows(self) -> Iterable[tuple[Any, Any]]:
        """(label of the field, form field) for each text."""
        return [(self.by_name[field].label, self[name]) for name, field, _text in self.meanings]

    def order_rows(self) -> list[Any]:
        return [self[f"order_{name}"] for name in self.orders]

    def chosen_columns(self) -> dict[str, str]:
        return {str(number): self.cleaned_data[name] for name, number in self.columns}

    def said_meanings(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name, field, text in self.meanings:
            if self.cleaned_data[name] != NEW:
                found.setdefault(field, {})[text] = self.cleaned_data[name]
        return found

    def said_orders(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"order_{name}"] for name in self.orders if self.cleaned_data[f"order_{name}"]}


class StartForm(Refusable, forms.Form):
    """Let it run; wrong lines are left out only when one says so."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    with_twice = forms.BooleanField(
        label=gettext_lazy("Import also what is named like an earlier line"), required=False
    )
    leave_wrong = forms.BooleanField(label=gettext_lazy("Leave the wrong lines out"), required=False)


class OwnFieldForm(Refusable, forms.Form):
    """A field of our own."""

    kind = forms.ChoiceField(label=gettext_lazy("Records"))
    label = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    sort = forms.ChoiceField(label=gettext_lazy("Type"), choices=OwnType.choices)
    choices = forms.CharField(
        label=gettext_lazy("Choices"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, for the types “Choice” and “Tags”."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        takes = [(one.kind, one.label) for one in may_import(user) if one.takes_own]
        self.fields["kind"].choices = takes  # type: ignore[attr-defined]
