"""Pages with one form about something that is no governed record: checked, handed to a service, refused beside its fields."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aims.ui import Action, Header
from aims.views.base import PageView


class SingleForm(PageView):
    """Base. Subclasses give `form_class`, `header` and `perform`; `said` is told when it is done."""

    form_class: ClassVar[type[Any]]
    submit: ClassVar[Any] = ""
    said: ClassVar[Any] = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allowed()
        return self.page(self.form_class(initial=self.initial()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allowed()
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.page(form, 400)
        try:
            answer = self.perform(form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form, 400)
        if isinstance(answer, HttpResponse):
            return answer
        if self.said:
            messages.success(request, str(self.said))
        return redirect(self.back())

    def allowed(self) -> None:
        """Raise what refuses this page to this person."""

    def initial(self) -> dict[str, Any]:
        return {}

    def header(self) -> Header:
        raise NotImplementedError

    def back(self) -> str:
        raise NotImplementedError

    def perform(self, data: dict[str, Any]) -> Any:
        """Call the service. An answer that is a page is shown instead of going back."""
        raise NotImplementedError

    def extra(self) -> dict[str, Any]:
        return {}

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "header": self.header(),
            "form": form,
            "submit": str(self.submit) or _("Save"),
            "cancel": Action(_("Back"), self.back()),
            **self.extra(),
        }
        return render(self.request, "kit/act.html", context, status=status)
