"""The API's routes, as the apps registered them."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from aims.api.bulk import BulkViewSet
from aims.api.cadences import CadenceViewSet
from aims.api.comments import CommentViewSet
from aims.api.consistency import ConsistencyViewSet
from aims.api.imports import ImportViewSet
from aims.api.tasks import TaskViewSet
from aims.api.trail import TrailViewSet
from aims.registry import registry

router = DefaultRouter()
router.include_format_suffixes = False
KERNEL = [
    ("trail", TrailViewSet),
    ("consistency", ConsistencyViewSet),
    ("imports", ImportViewSet),
    ("tasks", TaskViewSet),
    ("comments", CommentViewSet),
    ("cadences", CadenceViewSet),
    ("bulk", BulkViewSet),
]
for prefix, viewset in [*KERNEL, *registry.routes]:
    router.register(prefix, viewset, basename=prefix)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include(router.urls)),
]
