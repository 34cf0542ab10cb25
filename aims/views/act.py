"""A page for one verb on one record: what it will do, then the form. A record changed meanwhile is shown again."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from aims.services import require
from aims.views.form import FormView


class ActView(FormView):
    """Subclasses give `form_class`, `may` and `perform`, perhaps `extra` with consequences, checks or facts."""

    template_name = "kit/act.html"

    def may(self, record: Any) -> str:
        """The capacity in which the person may do it; "" when not."""
        raise NotImplementedError

    def allowed(self, record: Any) -> None:
        require(self.may(record))

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        """The form once more with what was typed, after somebody saved in between (412)."""
        form.data = form.data.copy()
        form.data["version"] = stale.extra["current"].version
        form.add_error(
            None, _("Somebody changed this record after you opened it. Look at it again, then send once more.")
        )
        return self.page(self.get_record(), form, status=412)
