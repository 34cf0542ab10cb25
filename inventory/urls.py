"""Pages of this app."""

from django.urls import path

from inventory.views import access, attempts, changes, components, gate, lifecycle, parts, proposals, suppliers, systems

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
    # their gate, records and changes
    path("systems/<str:ref>/gate/ask/", gate.GateAsk.as_view(), name="gate_ask"),
    path("systems/<str:ref>/gate/pilot/", gate.GatePilot.as_view(), name="gate_pilot"),
    path("systems/<str:ref>/gate/break-glass/", gate.GateBreak.as_view(), name="gate_break"),
    path("systems/<str:ref>/gate/stop/", gate.GateStop.as_view(), name="gate_stop"),
    path("systems/<str:ref>/gate/attest/", gate.GateAttest.as_view(), name="gate_attest"),
    path("systems/<str:ref>/gate/except/", gate.GateExcept.as_view(), name="gate_except"),
    path("systems/<str:ref>/gate/countersign/<int:pk>/", gate.GateCountersign.as_view(), name="gate_countersign"),
    path("systems/<str:ref>/records/new/", lifecycle.RecordCreate.as_view(), name="record_create"),
    path("systems/<str:ref>/law/classify/", lifecycle.LawClassify.as_view(), name="law_classify"),
    path("systems/<str:ref>/changes/new/", changes.ChangeAsk.as_view(), name="change_create"),
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
    # life-cycle records
    path("records/", lifecycle.LifecycleList.as_view(), name="lifecycle_record_list"),
    path("records/<str:ref>/", lifecycle.LifecycleDetail.as_view(), name="lifecycle_record_detail"),
    path("records/<str:ref>/change/", lifecycle.LifecycleChange.as_view(), name="lifecycle_record_change"),
    path("records/<str:ref>/approve/", lifecycle.LifecycleApprove.as_view(), name="lifecycle_record_approve"),
    path("records/<str:ref>/result/", lifecycle.LifecycleResult.as_view(), name="lifecycle_record_result"),
    path("records/<str:ref>/verdict/", lifecycle.LifecycleVerdict.as_view(), name="lifecycle_record_verdict"),
    path("records/<str:ref>/<slug:tab>/", lifecycle.LifecycleDetail.as_view(), name="lifecycle_record_tab"),
    # changes
    path("changes/", changes.ChangeList.as_view(), name="change_list"),
    path("changes/<str:ref>/", changes.ChangeDetail.as_view(), name="change_detail"),
    path("changes/<str:ref>/assess/", changes.ChangeAssess.as_view(), name="change_assess"),
    path("changes/<str:ref>/decide/", changes.ChangeDecide.as_view(), name="change_decide"),
    path("changes/<str:ref>/carry-out/", changes.ChangeCarryOut.as_view(), name="change_carry_out"),
    path("changes/<str:ref>/sample/", changes.ChangeSample.as_view(), name="change_sample"),
    path("changes/<str:ref>/<slug:tab>/", changes.ChangeDetail.as_view(), name="change_tab"),
    # passages of the gate
    path("gate/", attempts.AttemptList.as_view(), name="gate_attempt_list"),
    path("gate/modes/", attempts.ModeList.as_view(), name="gate_mode_list"),
    path("gate/modes/new/", attempts.ModeSet.as_view(), name="gate_mode_set"),
    path("gate/running/", attempts.RunningPage.as_view(), name="gate_running"),
    path("gate/<str:ref>/", attempts.AttemptDetail.as_view(), name="gate_attempt_detail"),
    path("gate/<str:ref>/withdraw/", attempts.AttemptWithdraw.as_view(), name="gate_attempt_withdraw"),
    path("gate/<str:ref>/review/", attempts.AttemptReview.as_view(), name="gate_attempt_review"),
    path("gate/<str:ref>/<slug:tab>/", attempts.AttemptDetail.as_view(), name="gate_attempt_tab"),
]
