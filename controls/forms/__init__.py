"""Forms of the gap assessment, scopes, own controls, statements and versions."""

from controls.forms.answers import AnswerForm
from controls.forms.grid import CopyForm, TickedForm
from controls.forms.scopes import ControlForm, DifferForm, OpenScopeForm, ScopeForm, WhyForm
from controls.forms.soa import ApproveForm, DeclineForm, SubmitForm, TakeForm
from controls.forms.statements import RowForm, StatementForm, row_values

__all__ = [
    "AnswerForm",
    "ApproveForm",
    "ControlForm",
    "CopyForm",
    "DeclineForm",
    "DifferForm",
    "OpenScopeForm",
    "RowForm",
    "ScopeForm",
    "StatementForm",
    "SubmitForm",
    "TakeForm",
    "TickedForm",
    "WhyForm",
    "row_values",
]
