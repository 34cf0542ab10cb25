"""Pages of this app."""

from django.urls import path

from controls.views import (
    ClauseList,
    ClauseSheet,
    ControlList,
    ControlSheet,
    OpenStatements,
    StatementChange,
    StatementDetail,
    StatementGrid,
    StatementList,
)

urlpatterns = [
    # control statements: the register, all rows at once, one record
    path("statements/", StatementList.as_view(), name="statement_list"),
    path("statements/open/", OpenStatements.as_view(), name="statement_open"),
    path("statements/grid/", StatementGrid.as_view(), name="statement_grid"),
    path("statements/<str:ref>/", StatementDetail.as_view(), name="statement_detail"),
    path("statements/<str:ref>/change/", StatementChange.as_view(), name="statement_change"),
    path("statements/<str:ref>/<slug:tab>/", StatementDetail.as_view(), name="statement_tab"),
    # the catalogue: what is asked, and our answer
    path("controls/", ControlList.as_view(), name="control_list"),
    path("controls/<str:number>/", ControlSheet.as_view(), name="control_detail"),
    path("clauses/", ClauseList.as_view(), name="clause_list"),
    path("clauses/<str:number>/", ClauseSheet.as_view(), name="clause_detail"),
]
