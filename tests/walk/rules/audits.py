"""Who may what at the addresses of audits, and how to fill them."""

from typing import Any

from audits.models import AuditRequest, EngagementMember, SampleRow, TeamMember
from tests.walk.rules.words import ADDRESSED, READ, SEEN, SIGNED_IN, pieces
from tests.walk.world import OPEN

LISTS = (
    "programme",
    "audit",
    "finding",
    "nonconformity",
    "corrective_action",
    "improvement",
    "engagement",
    "certification",
)
PAGES: dict[str, str] = {
    **{f"{kind}_list": SIGNED_IN for kind in LISTS},
    **{f"{kind}_detail": SEEN for kind in LISTS},
    "room_list": SIGNED_IN,
    "audit_redraw": SIGNED_IN,
    "nonconformity_trend": SIGNED_IN,
    **{f"{kind}_tab": SEEN for kind in LISTS if kind != "engagement"},
    # What the auditor sees and opened is for those who keep the engagement.
    "engagement_tab": ADDRESSED,
    "programme_create": "programme.draft",
    "programme_change": "programme.change",
    "programme_approve": "programme.approve",
    "programme_close": "programme.close",
    "audit_create": "audit.plan",
    "audit_change": "audit.change",
    # Only a reported audit has a report.
    "audit_report_page": ADDRESSED,
    "audit_team_remove": "audit.assign",
    "audit_start": "audit.start",
    "audit_close": "audit.close",
    "audit_cancel": "audit.cancel",
    "audit_distribute": "audit.distribute",
    # By role; people from outside only where they are on the team.
    "audit_sign": ADDRESSED,
    "nonconformity_create": "nonconformity.raise",
    "nonconformity_change": "nonconformity.change",
    **{f"nonconformity_{verb}": "nonconformity.correct" for verb in ("contain", "analyse", "plan", "add-action", "hand-over")},
    # Who answers for it is told what is missing before it is asked who may close it.
    "nonconformity_close": ADDRESSED,
    "nonconformity_reopen": "nonconformity.reopen",
    "corrective_action_change": "corrective_action.change",
    "corrective_action_done": "corrective_action.complete",
    "corrective_action_drop": "corrective_action.change",
    "improvement_create": "improvement.register",
    "improvement_change": "improvement.change",
    "improvement_end": "improvement.change",
    "engagement_create": "engagement.open",
    "engagement_change": "engagement.change",
    "engagement_admit": "engagement.change",
    "engagement_end": "engagement.end",
    "engagement_dismiss": "engagement.change",
    "certification_create": "certification.record",
    "certification_change": "certification.change",
    "certification_visit": "certification.change",
    # Who is on the team, or named as reviewer, or a member of the engagement; the journeys try them.
    **dict.fromkeys(
        (
            "audit_assign", "audit_report", "audit_external-record", "audit_paper", "audit_question", "audit_raise",
            "audit_draw", "sample_detail", "sample_population", "sample_judge", "finding_change", "finding_issue",
            "finding_respond", "finding_close", "finding_withdraw", "nonconformity_judge", "engagement_room",
            "engagement_ask", "engagement_import", "engagement_note", "engagement_export",
            "engagement_workbook", "request_detail",
            "request_answer", "request_withdraw", "request_comment", "request_offer",
        ),
        ADDRESSED,
    ),
}  # fmt: skip

API: dict[str, dict[str, str]] = {
    "programmes": {
        **READ, "create": "programme.draft", "partial_update": "programme.change", "approve": "programme.approve",
        "close": "programme.close",
    },
    "audits": {
        **READ, "create": "audit.plan", "partial_update": "audit.change", "start": "audit.start",
        "distribute": "audit.distribute", "sign": "audit.sign", "close": "audit.close", "cancel": "audit.cancel",
        **dict.fromkeys(("assign", "report", "external_record", "samples", "raise_finding"), ADDRESSED),
    },
    "findings": {**READ, **dict.fromkeys(("partial_update", "issue", "respond", "close", "withdraw"), ADDRESSED)},
    "nonconformities": {
        **READ, "create": "nonconformity.raise", "partial_update": "nonconformity.change", "judge": ADDRESSED,
        **dict.fromkeys(("contain", "analyse", "plan", "add_action", "hand_over"), "nonconformity.correct"),
        "close": ADDRESSED, "reopen": "nonconformity.reopen",
    },
    "corrective-actions": {
        **READ, "partial_update": "corrective_action.change", "done": "corrective_action.complete",
        "drop": "corrective_action.change",
    },
    "improvements": {
        **READ, "create": "improvement.register", "partial_update": "improvement.change", "end": "improvement.change",
    },
    "engagements": {
        **READ, "create": "engagement.open", "admit": "engagement.change", "end": "engagement.end", "requests": ADDRESSED,
    },
    "certifications": {
        **READ, "create": "certification.record", "partial_update": "certification.change",
        "visit": "certification.change",
    },
}  # fmt: skip


def _row(world: Any, condition: str) -> list[tuple[dict[str, Any], Any]]:
    audit = world.records["audit"].get(condition) if condition in (OPEN, "qzforeign") else None
    row = SampleRow.objects.filter(audit=audit).first() if audit is not None else None
    return [({"ref": audit.ref, "pk": row.sample_id, "row": row.pk}, audit)] if row is not None else []


ARGUMENTS = {
    "audit_team_remove": pieces("audit", TeamMember._meta.label),
    "audit_paper": pieces("audit", "audits.ChecklistItem"),
    "sample_detail": pieces("audit", "audits.Sample"),
    "sample_population": pieces("audit", "audits.Sample"),
    "sample_judge": _row,
    "engagement_dismiss": pieces("engagement", EngagementMember._meta.label),
    **{name: pieces("engagement", AuditRequest._meta.label) for name in (
        "request_detail", "request_answer", "request_withdraw", "request_comment", "request_offer")},
}  # fmt: skip
