"""Models of controls: the catalogue, scopes, statements, versions of the Statement of Applicability."""

from controls.models.answers import ClauseAnswer
from controls.models.catalogue import Clause, Control, ControlGroup, Framework, Requirement
from controls.models.crosswalks import Counterpart, OtherRow
from controls.models.scopes import AimsScope, ScopeSystem
from controls.models.statements import ControlStatement, StatementBasis, StatementSystem
from controls.models.versions import SoaProposal, SoaVersion

__all__ = [
    "AimsScope",
    "Clause",
    "ClauseAnswer",
    "Control",
    "ControlGroup",
    "ControlStatement",
    "Counterpart",
    "Framework",
    "OtherRow",
    "Requirement",
    "ScopeSystem",
    "SoaProposal",
    "SoaVersion",
    "StatementBasis",
    "StatementSystem",
]
