"""Pages of control statements and of the catalogue."""

from controls.views.catalogue import ClauseList, ClauseSheet, ControlList, ControlSheet
from controls.views.grid import StatementGrid
from controls.views.statements import OpenStatements, StatementChange, StatementDetail, StatementList

__all__ = [
    "ClauseList",
    "ClauseSheet",
    "ControlList",
    "ControlSheet",
    "OpenStatements",
    "StatementChange",
    "StatementDetail",
    "StatementGrid",
    "StatementList",
]
