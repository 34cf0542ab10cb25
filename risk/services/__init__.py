"""Every write of risk. Each verb: one transaction, policy, state, trail, register of decisions."""

from risk.services.acceptance import accept_many, accept_residual_risk, lapse_acceptances
from risk.services.assessments import assess_risk
from risk.services.criteria import approve_criteria, change_criteria, draft_criteria
from risk.services.harms import link_harm, take_up_harms
from risk.services.risks import change_risk, close_risk, register_risk, reopen_risk
from risk.services.treatments import (
    add_action,
    change_action,
    complete_action,
    decide_plan,
    drop_action,
    propose_treatment,
    verify_treatment,
)
from risk.services.triggers import affected_by, ask_reassessment

__all__ = [
    "accept_many",
    "accept_residual_risk",
    "add_action",
    "affected_by",
    "approve_criteria",
    "ask_reassessment",
    "assess_risk",
    "change_action",
    "change_criteria",
    "change_risk",
    "close_risk",
    "complete_action",
    "decide_plan",
    "draft_criteria",
    "drop_action",
    "lapse_acceptances",
    "link_harm",
    "propose_treatment",
    "register_risk",
    "reopen_risk",
    "take_up_harms",
    "verify_treatment",
]
