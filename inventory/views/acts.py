"""What pages of one verb on one record share."""

from typing import Any, ClassVar

from aims.forms import ReasonForm
from aims.services import require
from aims.views.form import FormView
from inventory.views.systems import again


class Act(FormView):
    """One verb on one record: `title` names it, `may` is its policy; the version that was read goes with the form."""

    form_class: ClassVar[type[Any]] = ReasonForm
    template_name = "kit/act.html"
    title: ClassVar[Any] = ""
    may: ClassVar[Any] = None

    def allowed(self, record: Any) -> None:
        require(type(self).may(self.request.user, record))

    def heading(self, record: Any) -> str:
        return f"{self.title}: {record.title}" if self.title else super().heading(record)

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version}

    def me(self) -> Any:
        return self.request.user

    def conflict(self, record: Any, form: Any, stale: Any) -> Any:
        return again(self, form, stale)
