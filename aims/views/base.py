"""What every page shares: sign-in first, refusals as pages, the kind it belongs to."""

from typing import Any, ClassVar, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from aims import asof
from aims.access import access_of
from aims.errors import Hidden, Refusal, WrongState
from aims.models import Governed
from aims.querysets import called
from aims.registry import Kind, registry
from aims.ui import Crumb


class PageView(LoginRequiredMixin, View):
    """A page for signed-in people. A Refusal raised anywhere below becomes its page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return self._dispatch_at(request, *args, **kwargs)
        except Hidden as hidden:
            raise Http404(str(hidden.detail)) from hidden
        except Refusal as refusal:
            return refusal_page(request, refusal.status, refusal.title, refusal.detail, refusal.extra)
        except ValidationError as error:
            return refusal_page(request, 400, _("This address does not make sense"), " ".join(error.messages), {})

    def _dispatch_at(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Now, or as of the date in the address: read-only, with today's permissions."""
        if any("\x00" in str(value) for value in kwargs.values()):
            raise Hidden
        text = request.GET.get("as_of", "")
        if not text or not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD"):
            raise WrongState(_("You are reading the past; go back to today to change something."))
        moment = asof.parse(text)
        access_of(request.user)
        request.as_of = moment  # type: ignore[attr-defined]
        with asof.reading(moment, text):
            return cast(HttpResponseBase, asof.finished(super().dispatch(request, *args, **kwargs)))


def refusal_page(request: HttpRequest, status: int, title: Any, detail: Any, extra: dict[str, Any]) -> HttpResponse:
    """The page of a refusal: what happened, what is unmet, the way back."""
    context = {"title": title, "detail": detail, "unmet": extra.get("unmet", ()), "status": status,
               "closed": extra.get("closed", False)}  # fmt: skip
    return render(request, "kit/refusal.html", context, status=status)


class KindView(PageView):
    """A page of one governed kind."""

    model: ClassVar[type[Governed]]

    @property
    def kind(self) -> Kind:
        return registry.kind_of(self.model)

    def rows(self) -> Any:
        """The records this person sees."""
        return self.model.objects.visible_to(self.request.user)

    def get_record(self) -> Any:
        """The record named in the address, or 404 when it does not exist for this person."""
        found = called(self.rows().select_related("unit", "owner"), self.kwargs["ref"]).first()
        if found is None:
            raise Hidden
        return found

    def key(self, record: Any) -> str:
        """The record's part of its addresses: its reference."""
        return str(record.ref)

    def crumbs(self, record: Any = None) -> list[Crumb]:
        trail = [Crumb(str(self.kind.plural), self.kind.url())]
        if record is None:
            return trail
        return [*trail, Crumb(getattr(record, "ref", "") or str(record), self.kind.url(self.key(record)))]
