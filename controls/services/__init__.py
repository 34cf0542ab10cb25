"""Every write of controls: scopes, gap assessment, own controls, statements, versions with proposals, reviews of rows."""

from controls.services.answers import answer_clause, change_answer
from controls.services.frameworks import review_rows
from controls.services.needs import decline_proposal, note_change, note_need, take_proposal
from controls.services.own import add_control, change_control, delete_control
from controls.services.scopes import (
    change_scope,
    differ,
    end_scope,
    open_organization,
    open_scope,
    scope_of,
    stop_differing,
)
from controls.services.statements import (
    Outcome,
    RowChange,
    assign_owner,
    basis_records,
    bulk_change,
    change_statement,
    copy_statements,
    decide_statement,
    describe_implementation,
    open_statements,
    reach,
    set_status,
)
from controls.services.versions import approve_soa, return_soa, submit_soa

__all__ = [
    "Outcome",
    "RowChange",
    "add_control",
    "answer_clause",
    "approve_soa",
    "assign_owner",
    "basis_records",
    "bulk_change",
    "change_answer",
    "change_control",
    "change_scope",
    "change_statement",
    "copy_statements",
    "decide_statement",
    "decline_proposal",
    "delete_control",
    "describe_implementation",
    "differ",
    "end_scope",
    "note_change",
    "note_need",
    "open_organization",
    "open_scope",
    "open_statements",
    "reach",
    "return_soa",
    "review_rows",
    "scope_of",
    "set_status",
    "stop_differing",
    "submit_soa",
    "take_proposal",
]
