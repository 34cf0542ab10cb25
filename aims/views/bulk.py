"""Changing what was ticked in a register: choose what, see what will change, do it, and read what became of each row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, bulk, clock
from aims.errors import Hidden, WrongState
from aims.forms import Refusable
from aims.importing.fields import Context
from aims.registry import registry
from aims.services import require
from aims.ui import Action, Crumb, Header
from aims.views.base import PageView
from aims.views.register import RegisterView

FEW = 200  # values that a field offers as a list; of more it asks for the word itself


class BulkForm(Refusable, forms.Form):
    """The new value and why; for an attestation what was looked at."""

    how = forms.ChoiceField(
        label=gettext_lazy("How"), required=False, widget=forms.RadioSelect,
        choices=[
            (bulk.ADD, gettext_lazy("Add to what is there")),
            (bulk.TAKE, gettext_lazy("Take away")),
            (bulk.SET, gettext_lazy("Replace what is there")),
        ],
    )  # fmt: skip
    value = forms.CharField(required=False, max_length=4000)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, kind: str, name: str, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name == bulk.ATTEST:
            del self.fields["value"], self.fields["how"]
            self.fields["reason"].label = _("What you looked at")
            return
        field = next((one for one in bulk.fields_in_bulk(kind) if one.name == name), None)
        if field is None:
            raise Hidden
        if not field.several:
            del self.fields["how"]
        options = list(field.options(Context(user, clock.today(), clock.now()))) if field.options else []
        if field.several and options:
            self.fields["value"] = forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple)
        elif 0 < len(options) <= FEW:
            empty = [] if field.required else [("", _("Leave empty"))]
            self.fields["value"] = forms.ChoiceField(choices=[*empty, *options], required=field.required)
        self.fields["value"].label = str(field.label)
        self.fields["value"].required = field.required
        if field.dated:
            self.fields["value"].widget = forms.DateInput(attrs={"type": "date"})

    def ask(self, kind: str, name: str) -> bulk.Ask:
        """What was asked for, once it is valid."""
        given = self.cleaned_data
        value = given.get("value", "")
        text = "; ".join(value) if isinstance(value, list) else value
        return bulk.Ask(kind, name, text, given["reason"], given.get("how") or bulk.SET)


class Bulk(PageView):
    """What shall be done with these?"""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        self._allowed(kind)
        if asof.moment() is not None:
            raise WrongState(_("You are reading the past; go back to today to change something."))
        name = request.GET.get("field", "")
        form = BulkForm(kind=kind, name=name, user=request.user) if name else None
        return self._page(kind, name, form)

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Shown first (`preview`), then done."""
        self._allowed(kind)
        name = request.POST.get("field", "")
        form = BulkForm(request.POST, kind=kind, name=name, user=request.user)
        if not form.is_valid():
            return self._page(kind, name, form, status=400)
        ask = form.ask(kind, name)
        trying = "do" not in request.POST
        act = bulk.preview if trying else bulk.carry_out
        try:
            done = act(ask, self._chosen(), by=request.user, on=clock.today(), at=clock.now())
        except ValidationError as error:
            form.refuse(error)
            return self._page(kind, name, form, status=400)
        return self._page(kind, name, form, done=done, trying=trying)

    def _allowed(self, kind: str) -> None:
        if not bulk.takes_bulk(kind):
            raise Hidden
        require(bulk.can_bulk(self.request.user, kind))

    def _chosen(self) -> Mapping[str, int | None]:
        """Reference → the version that the preview showed (`SYS-0001@3`), none before it.

        Ticked rows are named; before the preview, all that match a register's filters are named by these (`query`).
        """
        given = self._given()
        if "query" in given and "ref" not in given:
            return dict.fromkeys(self._matching(str(given["query"])))
        found: dict[str, int | None] = {}
        for text in " ".join(given.getlist("ref")).split():
            ref, _at, version = text.partition("@")
            found[ref] = int(version) if version.isdecimal() else None
        return found

    def _given(self) -> QueryDict:
        return self.request.POST if self.request.method == "POST" else self.request.GET

    def _matching(self, query: str) -> list[str]:
        """References of what the kind's own register shows under these filters; one more than may be changed at once."""
        match = resolve(registry.kinds[self.kwargs["kind"]].url())
        page = match.func.view_class()  # type: ignore[attr-defined]
        if not isinstance(page, RegisterView):
            raise Hidden
        page.setup(self.request, **match.kwargs)
        rows = page.matching(QueryDict(query)).order_by("pk")
        return list(rows.values_list("ref", flat=True)[: bulk.MOST + 1])

    def _carried(self, refs: Sequence[str]) -> list[tuple[str, str]]:
        given = self._given()
        return (
            [("query", str(given["query"]))] if "query" in given and "ref" not in given else [("ref", " ".join(refs))]
        )

    def _page(
        self, kind: str, name: str, form: BulkForm | None, *, done: Any = None, trying: bool = False, status: int = 200
    ) -> HttpResponse:
        known, refs = registry.kinds[kind], list(self._chosen())
        fields = [(one.name, str(one.label)) for one in bulk.fields_in_bulk(kind)]
        if bulk.can_attest(kind):
            fields.insert(0, (bulk.ATTEST, _("Attest: confirm what is due")))
        found = known.model.objects.visible_to(self.request.user).filter(ref__in=refs[: bulk.MOST]).order_by("pk")
        context = {
            "header": Header(title=_("Change several"), crumbs=[Crumb(str(known.plural), known.url())], lead=str(LEAD)),
            "records": found if done is None else (),
            "refs": refs,
            "carried": self._carried(refs),
            "fields": fields,
            "name": name,
            "label": dict(fields).get(name, ""),
            "form": form,
            "done": done,
            "trying": trying,
            "changing": sum(one.changed for one in done or ()),
            "refused": sum(bool(one.refused) for one in done or ()),
            "cancel": Action(_("Back to the register"), known.url()),
        }
        return render(self.request, "kit/bulk.html", context, status=status)


LEAD = gettext_lazy(
    "Each record is changed by its own rules and recorded singly; one that is refused leaves the others."
)
