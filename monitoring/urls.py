"""Pages of this app."""

from django.urls import path

from monitoring.acts import ACTS
from monitoring.views.concerns import ConcernAct, ConcernDetail, ConcernList, Figures
from monitoring.views.reporters import AnonymousRaise, ConcernRaise, MyConcern, MyConcerns, ReceiptPage

urlpatterns = [
    # raised by name, and what became of it
    path("concerns/new/", ConcernRaise.as_view(), name="concern_raise"),
    path("concerns/mine/", MyConcerns.as_view(), name="concern_mine"),
    path("concerns/mine/<str:ref>/", MyConcern.as_view(), name="concern_own"),
    # without signing in
    path("concerns/anonymous/", AnonymousRaise.as_view(), name="concern_anonymous"),
    path("concerns/receipt/", ReceiptPage.as_view(), name="concern_receipt"),
    # for those who handle them
    path("concerns/", ConcernList.as_view(), name="concern_list"),
    path("concerns/figures/", Figures.as_view(), name="concern_figures"),
    path("concerns/<str:ref>/", ConcernDetail.as_view(), name="concern_detail"),
    *[path(f"concerns/<str:ref>/{act.id}/", ConcernAct.as_view(act=act), name=act.route) for act in ACTS],
    path("concerns/<str:ref>/<slug:tab>/", ConcernDetail.as_view(), name="concern_tab"),
]
