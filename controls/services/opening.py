"""The one open version of a scope's Statement of Applicability: found, or opened by itself (clause 7.5.3)."""

from django.utils.translation import gettext as _

from aims.errors import WrongState
from aims.services import create
from aims.trail import recording
from controls.models import AimsScope, SoaVersion
from controls.states import SoaState
from organization.models import User


def open_version(scope: AimsScope, *, by: User | None, why: str = "") -> SoaVersion:
    """The scope's draft or the version in review; a new draft when there is neither.

    The scope's row is locked until the verb ends: of two who decide at once, one waits for the other.
    """
    AimsScope.objects.select_for_update(of=("self",)).get(pk=scope.pk)
    found = SoaVersion.objects.of_scope(scope).open().first()
    if found is not None:
        return found  # type: ignore[no-any-return]
    last = SoaVersion.objects.of_scope(scope).order_by("-number").first()
    number = last.number + 1 if last else 1
    title = _("%(scope)s, version %(number)d") % {"scope": scope.title[:150], "number": number}
    row = SoaVersion(
        scope=scope, unit_id=scope.unit_id, owner_id=scope.owner_id, number=number, title=title, opened_for=why[:500]
    )
    with recording(by, "open_version", reason=why):
        return create(row)


def draft_for(scope: AimsScope, *, by: User, why: str = "") -> SoaVersion:
    """The draft that a decision goes into. WrongState while it is in review: who approves must know what they read."""
    found = open_version(scope, by=by, why=why)
    if found.state == SoaState.IN_REVIEW:
        raise WrongState(
            _("The Statement of Applicability is in review. Have it returned, or wait for the decision."),
            unmet=[{"id": "soa_in_review", "sentence": str(found), "url": found.get_absolute_url()}],
        )
    return found
