"""What falls due of audits: audits begin, corrective actions are done, effects are judged, certificates are renewed."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every

SOURCES = (
    DueSource("nonconformity", _("Nonconformity"), _("Contain, find the cause, correct, and have the effect judged."),
              {"": Every(3, "months")}, idle=("closed",), rhythmic=False),
    DueSource("corrective_action", _("Corrective action"), _("Carry the action out and say what came of it."),
              {"": Every(3, "months")}, form="done", idle=("done", "dropped"), rhythmic=False, ahead=7),
    DueSource("improvement", _("Improvement"), _("Carry the improvement out, or decline it with the reason."),
              {"": Every(6, "months")}, form="end", idle=("done", "declined"), rhythmic=False),
    DueSource("certification", _("Certificate"), _("The certificate runs out: plan the recertification."),
              {"": Every(36, "months")}, idle=("withdrawn", "expired"), rhythmic=False, ahead=180),
    DueSource("audit", _("Audit"), _("Plan, carry out and report this audit."), {"": Every(12, "months")},
              idle=("closed", "cancelled"), rhythmic=False),
    DueSource("finding", _("Finding"), _("Answer this finding."), {"": Every(3, "months")}, form="respond",
              idle=("closed", "withdrawn"), rhythmic=False),
)  # fmt: skip
