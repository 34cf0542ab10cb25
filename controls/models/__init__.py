"""Models of controls: the catalogue, scopes, statements, versions of the Statement of Applicability."""

from controls.models.catalogue import Clause, Control, ControlGroup, Framework, Requirement
from controls.models.scopes import AimsScope, ScopeSystem
from controls.models.statements import ControlStatement, StatementBasis, StatementSystem
from controls.models.versions import SoaProposal, SoaVersion

__all__ = [
    "AimsScope",
    "Clause",
    "Control",
    "ControlGroup",
    "ControlStatement",
    "Framework",
    "Requirement",
    "ScopeSystem",
    "SoaProposal",
    "SoaVersion",
    "StatementBasis",
    "StatementSystem",
]
