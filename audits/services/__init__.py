"""Every write of audits. Each verb: one transaction, policy, state, trail, register of decisions."""

from audits.services.audits import (
    Scope,
    add_external_record,
    assign_auditor,
    cancel_audit,
    change_audit,
    close_audit,
    distribute_report,
    plan_audit,
    remove_from_team,
    report_audit,
    sign_report,
    start_audit,
)
from audits.services.certificates import change_certification, plan_visit, record_certification
from audits.services.engagements import (
    admit,
    answer_offer,
    ask,
    change_engagement,
    comment,
    dismiss,
    end_engagement,
    keep_note,
    offer,
    open_engagement,
    withdraw_request,
)
from audits.services.findings import (
    answer_finding,
    change_finding,
    change_improvement,
    close_finding,
    end_improvement,
    issue_finding,
    raise_finding,
    register_improvement,
    withdraw_finding,
)
from audits.services.lists import COLUMNS, TOLD, import_requests
from audits.services.nonconformities import (
    add_corrective_action,
    analyse,
    change_corrective_action,
    change_nonconformity,
    close_nonconformity,
    complete_corrective_action,
    contain,
    drop_corrective_action,
    hand_over,
    judge_effect,
    note_nonconformity,
    plan_correction,
    raise_nonconformity,
    reopen_nonconformity,
)
from audits.services.papers import add_question, save_paper
from audits.services.past import change_past_audit, change_past_finding, take_over_audit, take_over_finding
from audits.services.programmes import approve_programme, change_programme, close_programme, draft_programme
from audits.services.samples import draw_sample, judge_row

__all__ = [
    "COLUMNS", "TOLD", "Scope", "add_corrective_action", "add_external_record", "add_question", "admit", "analyse",
    "answer_finding", "answer_offer", "approve_programme", "ask", "assign_auditor", "cancel_audit", "change_audit",
    "change_certification", "change_corrective_action", "change_engagement", "change_finding", "change_improvement",
    "change_nonconformity", "change_past_audit", "change_past_finding", "change_programme", "close_audit",
    "close_finding", "close_nonconformity", "close_programme", "comment", "complete_corrective_action", "contain",
    "dismiss", "distribute_report", "draft_programme", "draw_sample", "drop_corrective_action", "end_engagement",
    "end_improvement", "hand_over", "import_requests", "issue_finding", "judge_effect", "judge_row", "keep_note",
    "note_nonconformity", "offer", "open_engagement", "plan_audit", "plan_correction", "plan_visit", "raise_finding",
    "raise_nonconformity", "record_certification", "register_improvement", "remove_from_team", "reopen_nonconformity",
    "report_audit", "save_paper", "sign_report", "start_audit", "take_over_audit", "take_over_finding",
    "withdraw_finding", "withdraw_request",
]  # fmt: skip
