"""Pages that write: create, change, act. The form checks fields, the service decides, a stale save loses nothing."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aims import asof, clock
from aims.errors import Stale, WrongState
from aims.forms import RecordForm
from aims.history import event_model, in_words, names_of
from aims.ui import Action, Conflict, Header
from aims.views.base import KindView


class FormView(KindView):
    """Base of pages with one form. Subclasses give `form_class`, `allowed` and `perform`."""

    form_class: ClassVar[type[Any]]
    template_name: ClassVar[str] = "kit/form.html"
    submit: ClassVar[Any] = ""
    said: ClassVar[Any] = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        record = self.subject()
        self.allowed(record)
        if asof.moment() is not None:
            raise WrongState(_("You are reading the past; go back to today to change something."))
        return self.page(record, self.form_for(record, initial=self.initial(record)))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        record = self.subject()
        self.allowed(record)
        form = self.form_for(record, data=request.POST, files=request.FILES or None)
        if not form.is_valid():
            return self.page(record, form, status=400)
        try:
            done = self.perform(record, form)
        except ValidationError as error:
            form.refuse(error)
            return self.page(record, form, status=400)
        except Stale as stale:
            return self.conflict(record, form, stale)
        if self.said:
            messages.success(request, str(self.said))
        return redirect(self.success_url(done))

    def subject(self) -> Any:
        """The record the form is about; None on a create page."""
        return self.get_record() if "ref" in self.kwargs else None

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        """The form about the record (or about a part of it), empty or as it came."""
        return self.form_class(instance=record, user=self.request.user, **kwargs)

    def allowed(self, record: Any) -> None:
        """Raise NotPermitted when this person may not even open the form."""

    def initial(self, record: Any) -> dict[str, Any]:
        """Values to begin with; the address may bring some (`?title=…`)."""
        return dict(self.request.GET.items()) if record is None else {}

    def perform(self, record: Any, form: Any) -> Any:
        """Call the service; answers the record to show next."""
        raise NotImplementedError

    def success_url(self, done: Any) -> str:
        return str(done.get_absolute_url())

    def heading(self, record: Any) -> str:
        return _("Change %(title)s") % {"title": record.title} if record is not None else _("New")

    def page(self, record: Any, form: Any, status: int = 200) -> HttpResponse:
        header = Header(title=self.heading(record), ref=getattr(record, "ref", ""), crumbs=self.crumbs(record))
        back = self.kind.url(self.key(record)) if record is not None else f"/{self.kind.path}/"
        context = {
            "header": header,
            "form": form,
            "record": record,
            "submit": str(self.submit) or _("Save"),
            "cancel": Action(_("Cancel"), back),
            **self.extra(record),
        }
        return render(self.request, self.template_name, context, status=status)

    def extra(self, record: Any) -> dict[str, Any]:
        return {}

    def version(self, form: Any) -> int | None:
        """The version the person opened."""
        found = form.cleaned_data.get("version")
        return int(found) if found is not None else None

    def now(self) -> Any:
        return clock.now()

    def conflict(self, record: Any, form: Any, stale: Stale) -> HttpResponse:
        """The three-way view: what you opened, what another person saved, what you typed (412)."""
        current = stale.extra["current"]
        conflicts = three_way(current, form)
        form.data = form.data.copy()
        form.data["version"] = current.version
        propose(form, conflicts)
        header = Header(
            title=_("Somebody saved in between"),
            ref=getattr(current, "ref", ""),
            lead=str(stale.detail),
            crumbs=self.crumbs(current),
        )
        context = {
            "header": header,
            "conflicts": conflicts,
            "form": form,
            "record": current,
            "version": current.version,
        }
        return render(self.request, "kit/conflict.html", context, status=412)


class CreateView(FormView):
    """Page that makes a new record."""


class ChangeView(FormView):
    """Page that changes a record's fields."""


def propose(form: Any, conflicts: Sequence[Conflict]) -> None:
    """Where only they changed a field, the form proposes theirs; the person's own typing stays everywhere else."""
    for one in conflicts:
        if one.yours == one.opened:
            theirs = one.extra["theirs"]
            form.data.setlist(one.name, theirs if isinstance(theirs, list) else [theirs])


def three_way(current: Any, form: RecordForm) -> list[Conflict]:
    """Every field of the form that differs between what was opened, what is stored and what was typed.

    A field that is no column of the row (a list of parts) is not compared: what was typed is sent again with the rest.
    """
    opened = _as_opened(current, form.cleaned_data.get("version"))
    found = []
    columns = {field.name for field in current._meta.concrete_fields}
    for bound in form.visible_fields():
        name = bound.name
        if name not in columns:
            continue
        field = current._meta.get_field(name)
        values = [getattr(opened, field.attname, None), getattr(current, field.attname), _typed(field, form, name)]
        before, theirs, yours = values
        if theirs != yours:
            words = [in_words(type(current), name, value, _names_of(field, values, form.user)) for value in values]
            clash = before not in (theirs, yours)
            found.append(
                Conflict(
                    name,
                    str(bound.label),
                    opened=words[0],
                    theirs=words[1],
                    yours=words[2],
                    clash=clash,
                    extra={"bound": bound, "theirs": bound.field.prepare_value(theirs)},
                )
            )
    return found


def _typed(field: Any, form: RecordForm, name: str) -> Any:
    value = form.cleaned_data.get(name)
    return getattr(value, "pk", value) if field.related_model is not None else value


def _names_of(field: Any, keys: list[Any], viewer: Any) -> dict[tuple[str, Any], str]:
    if field.related_model is None:
        return {}
    names = names_of(field.related_model, keys, viewer)
    return {(field.related_model._meta.label_lower, key): name for key, name in names.items()}


def _as_opened(current: Any, version: int | None) -> Any:
    """The row as it was at the version the person opened, from the trail."""
    events = event_model(type(current)).objects.filter(pgh_obj_id=current.pk, version__lte=version or 0)
    return events.order_by("-pgh_id").first() or current
