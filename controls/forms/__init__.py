"""Forms of scopes, own controls, statements and versions."""

from controls.forms.scopes import ControlForm, DifferForm, OpenScopeForm, ScopeForm, WhyForm
from controls.forms.soa import ApproveForm, DeclineForm, SubmitForm, TakeForm
from controls.forms.statements import RowForm, StatementForm, row_values

__all__ = [
    "ApproveForm",
    "ControlForm",
    "DeclineForm",
    "DifferForm",
    "OpenScopeForm",
    "RowForm",
    "ScopeForm",
    "StatementForm",
    "SubmitForm",
    "TakeForm",
    "WhyForm",
    "row_values",
]
