"""What must be there before an audit starts, is reported or closed, and before a nonconformity closes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.registry import Check
from audits.models import Audit, Nonconformity
from audits.services.distribution import reaches_managers
from audits.states import AUDITING, NcState, PaperResult, TeamRole

Missing = dict[str, str] | None


def _missing(record: Any, missing: bool, tab: str = "") -> Missing:
    return {"url": f"{record.get_absolute_url()}{tab}"} if missing else None


def _objectives(audit: Audit) -> Missing:
    return _missing(audit, not audit.objectives.strip(), "change/")


def _criteria(audit: Audit) -> Missing:
    return _missing(audit, not audit.criteria.exists(), "change/")


def _scope(audit: Audit) -> Missing:
    named = audit.units.exists() or audit.systems.exists()
    return _missing(audit, not named or audit.period_from is None or audit.period_to is None, "change/")


def _team(audit: Audit) -> Missing:
    roles = set(audit.team.values_list("role", flat=True))
    return _missing(audit, TeamRole.LEAD not in roles, "team/")


def _papers(audit: Audit) -> Missing:
    looked = audit.items.exclude(result=PaperResult.NOT_LOOKED).exists()
    return _missing(audit, audit.keeps_papers and not looked, "papers/")


def _drafts(audit: Audit) -> Missing:
    return _missing(audit, audit.findings.filter(state="draft").exists(), "findings/")


def _distributed(audit: Audit) -> Missing:
    return _missing(audit, not audit.distribution.exists() or not reaches_managers(audit), "distribute/")


def _signed(audit: Audit) -> Missing:
    auditors = audit.team.filter(role__in=AUDITING).values("person")
    signed = audit.sign_offs.filter(person__in=auditors).exists()
    return _missing(audit, audit.keeps_papers and not signed, "sign/")


# What an earlier round found stands in the form again, but is not found again until somebody says so.
_BEGUN = {NcState.OPEN, NcState.REOPENED}
_NOT_ANALYSED = {*_BEGUN, NcState.CONTAINED}


def _contained(row: Nonconformity) -> Missing:
    return _missing(row, row.state in _BEGUN or not row.containment.strip(), "contain/")


def _cause(row: Nonconformity) -> Missing:
    return _missing(row, row.state in _NOT_ANALYSED or not row.root_cause.strip(), "analyse/")


def _similar(row: Nonconformity) -> Missing:
    return _missing(row, row.state in _NOT_ANALYSED or not row.similar_result.strip(), "analyse/")


def _actions(row: Nonconformity) -> Missing:
    return _missing(row, row.actions.open().exists(), "#actions")


def _verdict(row: Nonconformity) -> Missing:
    found = row.verdict
    return _missing(row, found is None or not found.effective or found.round != row.round, "judge/")


PAPERS = {"audit_papers", "audit_signed"}


def applies(check: Check, audit: Audit) -> bool:
    """Whether the check asks anything of this audit: a certification body keeps papers and signatures itself."""
    return audit.keeps_papers or check.id not in PAPERS


CHECKS = (
    Check("audit_objectives", "audit", "start", _("The audit has objectives."), _objectives),
    Check("audit_criteria", "audit", "start", _("The audit has criteria."), _criteria),
    Check("audit_scope", "audit", "start", _("The audit has a scope: units or systems, and a period."), _scope),
    Check("audit_team", "audit", "start", _("The team has a lead."), _team),
    Check("audit_papers", "audit", "report", _("At least one item was looked at."), _papers),
    Check("audit_drafts", "audit", "report", _("No finding is a draft any more."), _drafts),
    Check("audit_distributed", "audit", "close", _("The report went to the managers concerned."), _distributed),
    Check("audit_signed", "audit", "close", _("An auditor of the team signed the report."), _signed),
    Check("nc_contained", "nonconformity", "close", _("It is said what was done at once."), _contained),
    Check("nc_cause", "nonconformity", "close", _("The cause is known."), _cause),
    Check("nc_similar", "nonconformity", "close", _("Similar cases were looked for."), _similar),
    Check("nc_actions", "nonconformity", "close", _("Every corrective action is done or dropped."), _actions),
    Check("nc_verdict", "nonconformity", "close",
          _("Somebody who carried out no action judged the effect as positive."), _verdict),
)  # fmt: skip
