"""What the pages of audits share: rows with what they show, verbs as buttons and forms."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _

from aims import clock
from aims.services import unmet_checks
from aims.ui import Action
from aims.views.base import KindView
from aims.views.form import FormView
from aims.views.record import RecordView
from audits.acts import Act, buttons
from audits.reading import seen
from audits.tables import LINKS
from risk.views.base import must_confirm


class SeenView(KindView):
    """A page of one kind; links to what the reader does not see stay empty."""

    def rows(self) -> Any:
        found = super().rows().select_related("unit", "owner")
        return seen(found, self.request.user, *LINKS[self.model.kind])


class ActingView(SeenView, RecordView):
    """A record with its verbs as buttons; the next step of the work first."""

    acts: ClassVar[Sequence[Act]] = ()

    def actions(self, record: Any) -> list[Action]:
        url = record.get_absolute_url()
        found = buttons(self.acts, record, self.request.user)
        made = [
            Action(
                str(act.label), f"{url}{act.id}/", icon=act.icon, primary=act is found[0] and self._is_next(act, record)
            )
            for act in found
        ]
        return [*reversed(made[1:]), *self.more_actions(record), *made[:1]]

    def _is_next(self, act: Act, record: Any) -> bool:
        """Whether the work goes on with it: not while something is missing for it, nor when all is over."""
        return record.state != "closed" and not unmet_checks(record, record.kind, act.id)

    def more_actions(self, record: Any) -> list[Action]:
        return []


class ActPage(SeenView, FormView):
    """The page of one verb: its form, then its service."""

    template_name = "kit/act.html"
    act: Act = None  # type: ignore[assignment]

    @property
    def model(self) -> Any:  # type: ignore[override]
        return self.act.model

    def allowed(self, record: Any) -> None:
        self.act.require(self.request.user, record)
        if self.act.decides:
            must_confirm(self.request)

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return self.act.form(user=self.request.user, instance=self.about(record), **kwargs)

    def about(self, record: Any) -> Any:
        """What the form is about: the record, unless the form makes a new row beside it."""
        meta = getattr(self.act.form, "_meta", None)
        return record if meta is None or meta.model is type(record) else None

    def initial(self, record: Any) -> dict[str, Any]:
        """What was said before, where the verb may be done again."""
        names = getattr(self.act.form, "base_fields", {})
        columns = {field.name for field in record._meta.concrete_fields} - {"title", "version"}
        found = {name: getattr(record, name) for name in names if name in columns}
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def heading(self, record: Any) -> str:
        return f"{self.act.label}: {record.title}"

    def extra(self, record: Any) -> dict[str, Any]:
        states = list(map(str, self.act.states))
        blocked = (
            "" if record.state in states else _("This is not possible while it is “%s”.") % record.get_state_display()
        )
        return {
            "submit": str(self.act.label),
            "blocked": blocked,
            "consequences": [self.act.says] if self.act.says else [],
        }

    def perform(self, record: Any, form: Any) -> Any:
        more: dict[str, Any] = {"at": clock.now()} if self.act.stamped else {}
        data = form.data_for_service()
        version = form.cleaned_data.get("version")
        self.act.service(record, by=self.request.user, on=clock.today(), version=version, **more, **data)
        return record

    @property
    def said(self) -> Any:
        return self.act.said

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        """The form once more with what was typed, after somebody saved in between (412)."""
        form.data = form.data.copy()
        form.data["version"] = stale.extra["current"].version
        form.add_error(None, _("Somebody changed this after you opened it. Look at it again, then send once more."))
        return self.page(self.get_record(), form, status=412)
