"""Pages of scopes, control statements, versions of the Statement of Applicability, and the catalogue."""

from controls.views.catalogue import ClauseList, ClauseSheet, ControlList, ControlSheet
from controls.views.grid import StatementGrid
from controls.views.own import ControlChange, ControlCreate, ControlDelete, StatementDiffer, StatementStop
from controls.views.scopes import ScopeChange, ScopeCreate, ScopeDetail, ScopeEnd, ScopeList
from controls.views.soa import (
    ProposalDecline,
    ProposalTake,
    SoaApprove,
    SoaDetail,
    SoaDownload,
    SoaList,
    SoaReturn,
    SoaSubmit,
)
from controls.views.statements import OpenStatements, StatementChange, StatementDetail, StatementList

__all__ = [
    "ClauseList",
    "ClauseSheet",
    "ControlChange",
    "ControlCreate",
    "ControlDelete",
    "ControlList",
    "ControlSheet",
    "OpenStatements",
    "ProposalDecline",
    "ProposalTake",
    "ScopeChange",
    "ScopeCreate",
    "ScopeDetail",
    "ScopeEnd",
    "ScopeList",
    "SoaApprove",
    "SoaDetail",
    "SoaDownload",
    "SoaList",
    "SoaReturn",
    "SoaSubmit",
    "StatementChange",
    "StatementDetail",
    "StatementDiffer",
    "StatementGrid",
    "StatementList",
    "StatementStop",
]
