"""How a file goes its way: read, columns confirmed, checked, imported, perhaps taken back."""

from django.utils.translation import gettext_lazy as _

from aims.states import ImportState
from aims.workflow import Workflow, edge

_S = ImportState
WORKING = [_S.READING, _S.CHECKING, _S.RUNNING, _S.TAKING_BACK]
IMPORT = Workflow(
    "import",
    ImportState,
    [
        edge("read", _("Was read"), [_S.READING], _S.READ),
        edge("check", _("Check"), [_S.READ, _S.CHECKED], _S.CHECKING),
        edge("checked", _("Was checked"), [_S.CHECKING], _S.CHECKED),
        edge("start", _("Import"), [_S.CHECKED], _S.RUNNING),
        edge("finish", _("Was imported"), [_S.RUNNING], _S.DONE),
        edge("take_back", _("Take back"), [_S.DONE], _S.TAKING_BACK),
        edge("taken_back", _("Was taken back"), [_S.TAKING_BACK], _S.TAKEN_BACK),
        edge("fail", _("Fail"), WORKING, _S.FAILED),
        edge("drop", _("Drop"), [_S.READ, _S.CHECKED], _S.FAILED),
    ],
)
