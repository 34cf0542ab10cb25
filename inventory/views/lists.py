"""Lists of AI systems that heads of units attest: who says that these are all, when, and what was found later."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aims import clock
from aims.services import require
from aims.ui import Action, Empty, Fact, Link
from aims.views.base import KindView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from inventory import policies, services
from inventory.list_states import ASKED_FOR
from inventory.list_tables import LISTS
from inventory.models import AttestedList
from inventory.views.components import LifeView


class ListView(KindView):
    model = AttestedList

    def rows(self) -> Any:
        """With what was found later, as far as the person sees it."""
        return super().rows().with_found(self.request.user)


class AttestedLists(ListView, RegisterView):
    """How do we know that these are all?"""

    table = LISTS
    lead = gettext_lazy(
        "The head of each unit says regularly that its list of AI systems is complete; what turns up later is counted."
    )

    def actions(self) -> list[Action]:
        if not policies.can_ask_heads(self.request.user):
            return []
        return [Action(_("Ask every head"), "/lists/ask/", method="post", icon="speakerphone", primary=True)]

    def empty(self) -> Empty:
        text = _("Ask the heads of your units: each gets a task in two weeks, and again every six months.")
        return Empty(_("Nobody was asked yet"), text, clause="4.3", action=next(iter(self.actions()), None))


class AskHeads(ListView):
    """Ask the head of every unit."""

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = services.ask_heads(by=request.user, on=clock.today())  # type: ignore[arg-type]
        told = [
            (messages.success, ngettext("%(n)s head is asked.", "%(n)s heads are asked.", asked.new), asked.new),
            (messages.success, ngettext("%(n)s list follows a new head.", "%(n)s lists follow new heads.", asked.handed), asked.handed),
            (messages.warning, ngettext("%(n)s unit has no head.", "%(n)s units have no head.", asked.headless), asked.headless),
            (
                messages.warning,
                ngettext(
                    "%(n)s head holds no role that shows the unit.", "%(n)s heads hold no role that shows their unit.", asked.blind
                ),
                asked.blind,
            ),
        ]  # fmt: skip
        for tell, sentence, number in told:
            if number:
                tell(request, sentence % {"n": number})
        if not any(number for _tell, _sentence, number in told):
            messages.success(request, _("Every head is asked already."))
        return redirect("attested_list")


class AttestedDetail(ListView, RecordView):
    """Who says that this list is complete, and what was found later?"""

    def actions(self, record: AttestedList) -> list[Action]:
        if record.state not in ASKED_FOR or not policies.can_end_list(self.request.user, record):
            return []
        return [Action(_("Ask no more"), f"{record.get_absolute_url()}end/", icon="archive")]

    def facts(self, record: AttestedList) -> Sequence[tuple[Any, Sequence[Fact]]]:
        later: Any = record.found_later  # type: ignore[attr-defined]
        never = _("Never yet")
        return [
            (
                _("The list"),
                [
                    Fact(_("Systems"), Link(_("The register of this unit"), f"/systems/?unit={record.unit_id}")),
                    Fact(_("Head"), record.owner),
                    Fact(_("Last attested"), record.attested_at, missing=never),
                    Fact(_("Attested by"), record.attested_by, missing=never),
                    Fact(_("Systems then"), record.counted, missing=never),
                    Fact(_("Found later"), later, help=_("In use when it was attested, registered afterwards.")),
                    Fact(_("Found before that"), record.found, help=_("What the attestation before had missed.")),
                ],
            )
        ]


class AttestedEnd(ListView, LifeView):
    """Ask no more."""

    title, submit = gettext_lazy("Ask no more"), gettext_lazy("Ask no more")

    def allowed(self, record: AttestedList) -> None:
        require(policies.can_end_list(self.request.user, record))

    def verb(self, record: AttestedList, **kwargs: Any) -> Any:
        return services.end_list(record, **kwargs)
