"""Pages of readiness, scopes, control statements, versions of the Statement of Applicability, and the catalogue."""

from controls.views.answers import AnswerChange, AnswerCreate, AnswerDetail, AnswerList, ReadinessPage
from controls.views.catalogue import ClauseList, ClauseSheet, ControlList, ControlSheet
from controls.views.crosswalks import FrameworkDetail, FrameworkList, FrameworkReview
from controls.views.grid import StatementCopy, StatementGrid
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
    "AnswerChange",
    "AnswerCreate",
    "AnswerDetail",
    "AnswerList",
    "ClauseList",
    "ClauseSheet",
    "ControlChange",
    "ControlCreate",
    "ControlDelete",
    "ControlList",
    "ControlSheet",
    "FrameworkDetail",
    "FrameworkList",
    "FrameworkReview",
    "OpenStatements",
    "ProposalDecline",
    "ProposalTake",
    "ReadinessPage",
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
    "StatementCopy",
    "StatementDetail",
    "StatementDiffer",
    "StatementGrid",
    "StatementList",
    "StatementStop",
]
