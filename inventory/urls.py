"""Pages of this app."""

from django.urls import path

from inventory.views import access, components, parts, proposals, suppliers, systems

urlpatterns = [
    # what people propose
    path("proposals/", proposals.ProposalList.as_view(), name="proposal_list"),
    path("proposals/new/", proposals.ProposalCreate.as_view(), name="proposal_create"),
    path("proposals/<str:ref>/", proposals.ProposalDetail.as_view(), name="proposal_detail"),
    path("proposals/<str:ref>/triage/", proposals.ProposalTriage.as_view(), name="proposal_triage"),
    path("proposals/<str:ref>/<slug:tab>/", proposals.ProposalDetail.as_view(), name="proposal_tab"),
    # AI systems
    path("systems/", systems.SystemList.as_view(), name="system_list"),
    path("systems/new/", systems.SystemCreate.as_view(), name="system_create"),
    path("systems/<str:ref>/", systems.SystemDetail.as_view(), name="system_detail"),
    path("systems/<str:ref>/change/", systems.SystemChange.as_view(), name="system_change"),
    path("systems/<str:ref>/move/", systems.SystemMove.as_view(), name="system_move"),
    # their parts
    path("systems/<str:ref>/roles/new/", parts.RoleAdd.as_view(), name="role_create"),
    path("systems/<str:ref>/roles/<int:pk>/", parts.RoleChange.as_view(), name="role_change"),
    path("systems/<str:ref>/roles/<int:pk>/remove/", parts.RoleRemove.as_view(), name="role_remove"),
    path("systems/<str:ref>/law-roles/new/", parts.LawRoleAdd.as_view(), name="law_role_create"),
    path("systems/<str:ref>/law-roles/<int:pk>/", parts.LawRoleChange.as_view(), name="law_role_change"),
    path("systems/<str:ref>/law-roles/<int:pk>/remove/", parts.LawRoleRemove.as_view(), name="law_role_remove"),
    path("systems/<str:ref>/versions/new/", parts.VersionAdd.as_view(), name="version_create"),
    path("systems/<str:ref>/versions/<int:pk>/", parts.VersionChange.as_view(), name="version_change"),
    path("systems/<str:ref>/versions/<int:pk>/release/", parts.VersionRelease.as_view(), name="version_release"),
    path("systems/<str:ref>/versions/<int:pk>/end/", parts.VersionEnd.as_view(), name="version_end"),
    path("systems/<str:ref>/access/new/", access.AccessGive.as_view(), name="system_grant_give"),
    path("systems/<str:ref>/access/<int:pk>/end/", access.AccessEnd.as_view(), name="system_grant_end"),
    path("systems/<str:ref>/components/use/", parts.UseAdd.as_view(), name="use_create"),
    path("systems/<str:ref>/components/<str:component>/stop/", parts.UseEnd.as_view(), name="use_end"),
    path("systems/<str:ref>/<slug:tab>/", systems.SystemDetail.as_view(), name="system_tab"),
    # components
    path("components/", components.ComponentList.as_view(), name="component_list"),
    path("components/new/", components.ComponentCreate.as_view(), name="component_create"),
    path("components/<str:ref>/", components.ComponentDetail.as_view(), name="component_detail"),
    path("components/<str:ref>/change/", components.ComponentChange.as_view(), name="component_change"),
    path("components/<str:ref>/withdraw/", components.ComponentWithdraw.as_view(), name="component_withdraw"),
    path("components/<str:ref>/reinstate/", components.ComponentReinstate.as_view(), name="component_reinstate"),
    path("components/<str:ref>/<slug:tab>/", components.ComponentDetail.as_view(), name="component_tab"),
    # suppliers
    path("suppliers/", suppliers.SupplierList.as_view(), name="supplier_list"),
    path("suppliers/new/", suppliers.SupplierCreate.as_view(), name="supplier_create"),
    path("suppliers/<str:ref>/", suppliers.SupplierDetail.as_view(), name="supplier_detail"),
    path("suppliers/<str:ref>/change/", suppliers.SupplierChange.as_view(), name="supplier_change"),
    path("suppliers/<str:ref>/end/", suppliers.SupplierEnd.as_view(), name="supplier_end"),
    path("suppliers/<str:ref>/resume/", suppliers.SupplierResume.as_view(), name="supplier_resume"),
    path("suppliers/<str:ref>/<slug:tab>/", suppliers.SupplierDetail.as_view(), name="supplier_tab"),
]
