"""The organization's own controls beyond Annex A, in the same table, with where they come from (clause 6.1.3 c)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.services import change, create, require
from aims.trail import recording
from controls import policies
from controls.models import AimsScope, Control, ControlGroup, ControlStatement, Framework
from controls.services.opening import draft_for
from controls.services.statements import require_unneeded, undecided
from controls.states import Source
from organization.models import User

FRAMEWORK, PREFIX = "own", "OWN"


def add_control(*, by: User, data: Mapping[str, Any], scope: AimsScope | None = None, reason: str = "") -> Control:
    """Add a control beyond Annex A: title, origin (where it comes from), asks; `number` when given, else the next.

    Every scope in use that the person keeps (or the one given) gets an undecided statement for it in its draft.
    Errors: NotPermitted, WrongState while a draft is in review, ValidationError.
    """
    capacity = require(policies.can_keep_controls(by))
    if not (data.get("origin") or "").strip():
        raise invalid(origin=_("Say where the control comes from."))
    with recording(by, "add_control", capacity=capacity, reason=reason):
        group = _group()
        last = Control.objects.aggregate(most=Max("position"))["most"] or 0
        given = {**data, "number": data.get("number") or _next_number(), "summary": data.get("summary") or data["asks"]}
        row = Control(
            framework=group.framework, group=group, source=Source.OWN, position=last + 1, added_by=by, **given
        )
        made = create(row)
        for one in [scope] if scope is not None else AimsScope.objects.visible_to(by).in_use():
            if policies.can_keep_scope(by, one.unit):
                draft_for(one, by=by, why=_("%(control)s was added") % {"control": made})
                create(undecided(one, made))
        return made


def _group() -> ControlGroup:
    """The place of own controls in the catalogue, made with the first of them."""
    about = {
        "title": _("Own controls"), "edition": _("Own controls"), "data_version": "1", "digest": "",
        "words": _("Written by the organization."),
    }  # fmt: skip
    framework = Framework.objects.get_or_create(key=FRAMEWORK, defaults=about)[0]
    values = {"title": _("Own controls"), "objective": _("What we need beyond Annex A."), "position": 100}
    return ControlGroup.objects.get_or_create(framework=framework, number=PREFIX, defaults=values)[0]


def _next_number() -> str:
    taken = Control.objects.own().filter(number__regex=rf"^{PREFIX}\.\d+$").values_list("number", flat=True)
    return f"{PREFIX}.{max((int(number.rpartition('.')[2]) for number in taken), default=0) + 1}"


def change_control(control: Control, *, by: User, data: Mapping[str, Any], reason: str = "") -> Control:
    """Change what an own control says; Annex A's stay as the catalogue gives them. Errors: NotPermitted, WrongState."""
    capacity = require(policies.can_keep_controls(by))
    _own(control)
    with recording(by, "change_control", capacity=capacity, reason=reason):
        return change(Control.objects.select_for_update().get(pk=control.pk), data)


def delete_control(control: Control, *, by: User, reason: str) -> None:
    """Take an own control back that no version ever stated and nothing needs.

    Errors: NotPermitted; WrongState with what needs it, or when an approved version names it: then it is excluded.
    """
    capacity = require(policies.can_keep_controls(by))
    _own(control)
    with recording(by, "delete_control", capacity=capacity, reason=reason):
        rows = list(ControlStatement.objects.select_for_update(of=("self",)).filter(control=control))
        for row in rows:
            require_unneeded(row)
            draft_for(row.scope, by=by, why=reason)
            if _stated(row):
                raise WrongState(_("An approved version names this control. Exclude it with the reason instead."))
        ControlStatement.objects.filter(control=control).delete()
        control.delete()


def _own(control: Control) -> None:
    if not control.own:
        raise WrongState(_("Controls of Annex A stay as they are; exclude what is not needed."))


def _stated(row: ControlStatement) -> bool:
    named = f'"control":"{row.control.number}"'
    return bool(row.scope.versions.exclude(content="").filter(content__contains=named).exists())
