"""The product's addresses and those of the sample kind: pages at /samples/, API at /samples-api/samples/."""

from typing import Any

from django import forms
from django.urls import include, path
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from aims import urls as product
from aims.api.base import RecordRefField, RecordViewSet, StrictSerializer
from aims.errors import Refusal
from aims.forms import ReasonForm, RecordForm
from aims.services import require
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from tests.sample import policies, services
from tests.sample.models import Sample
from tests.sample.tables import SAMPLES


class SampleForm(RecordForm):
    class Meta:
        model = Sample
        fields = ("title", "purpose", "amount", "kept", "due_on", "unit", "owner", "colours")
        widgets = {"due_on": forms.DateInput()}


class List(RegisterView):
    model, table, lead = Sample, SAMPLES, "What samples are there?"


class Detail(RecordView):
    model = Sample


class Create(CreateView):
    model, form_class = Sample, SampleForm

    def perform(self, record: Any, form: Any) -> Any:
        return services.create_sample(by=self.request.user, data=form.data_for_service())


class Change(ChangeView):
    model, form_class, said = Sample, SampleForm, "Saved."

    def allowed(self, record: Any) -> None:
        require(policies.can_change_sample(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Any:
        return services.change_sample(
            record, by=self.request.user, data=form.data_for_service(), version=self.version(form)
        )


class Use(FormView):
    model, form_class = Sample, ReasonForm

    def perform(self, record: Any, form: Any) -> Any:
        return services.use_sample(record, by=self.request.user, version=self.version(form))


class SampleSerializer(StrictSerializer):
    twin = RecordRefField(Sample, required=False, allow_null=True)

    class Meta:
        model = Sample
        fields = ("ref", "title", "purpose", "amount", "unit", "twin", "state", "due_on", "version", "updated_at")
        read_only_fields = ("ref", "state", "version", "updated_at")


class SampleViewSet(RecordViewSet):
    model, table, serializer_class = Sample, SAMPLES, SampleSerializer

    def create(self, request: Request) -> Response:
        def make() -> Response:
            return self.answer(
                services.create_sample(by=request.user, data={"owner": request.user, **self.cleaned(request)}), 201
            )

        return self.once(request, make)

    def partial_update(self, request: Request, ref: str) -> Response:
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        return self.answer(services.change_sample(record, by=request.user, data=data, version=version))

    @action(detail=True, methods=["post"])
    def use(self, request: Request, ref: str) -> Response:
        return self.answer(services.use_sample(self.get_object(), by=request.user, version=self.match(request)))

    @action(detail=False, methods=["get"])
    def refusal(self, request: Request) -> Response:
        raise next(kind for kind in _every(Refusal) if kind.__name__ == request.query_params["kind"])


def _every(kind: type[Refusal]) -> list[type[Refusal]]:
    return [kind, *(below for one in kind.__subclasses__() for below in _every(one))]


router = SimpleRouter()
router.register("samples", SampleViewSet, basename="sample")
urlpatterns = [
    path("samples/", List.as_view()),
    path("samples/create/", Create.as_view()),
    path("samples/<str:ref>/", Detail.as_view()),
    path("samples/<str:ref>/change/", Change.as_view()),
    path("samples/<str:ref>/use/", Use.as_view()),
    path("samples/<str:ref>/<slug:tab>/", Detail.as_view()),
    path("samples-api/", include(router.urls)),
    *product.urlpatterns,
]
handler400, handler403, handler404, handler500 = (
    product.handler400,
    product.handler403,
    product.handler404,
    product.handler500,
)
