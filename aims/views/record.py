"""The record page of a kind: state first, then why, then what to do, then the details; tabs; history."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aims import asof
from aims.errors import Hidden, invalid
from aims.history import Wanted, entries, told_of
from aims.importing import own
from aims.models import Governed
from aims.registry import RecordTab, registry
from aims.ui import Action, Fact, Header, Tab
from aims.views.base import KindView
from aims.views.register import state_badge

HISTORY_PAGE = 50


class RecordView(KindView):
    """Detail of one record. Subclasses give `facts`, `actions`, perhaps `badges` and own tabs."""

    summary_template: ClassVar[str] = "kit/record.html"

    def get(self, request: HttpRequest, ref: str, tab: str = "") -> HttpResponse:
        record = self.get_record()
        context = {
            "record": record,
            "header": self.header(record),
            "strip": self.strip(record),
            "tabs": self.tabs(record, tab),
        }
        if not tab:
            return render(
                request,
                self.summary_template,
                {**context, "facts": [*self.facts(record), *own.facts_of(record)], **self.extra(record)},
            )
        if tab == "history":
            return render(request, "kit/history.html", {**context, **self._history(record)})
        found = self._tab(tab)
        return render(request, found.template, {**context, **found.build(request, record)})

    def header(self, record: Any) -> Header:
        return Header(
            title=record.title,
            ref=getattr(record, "ref", ""),
            badges=self.badges(record),
            crumbs=self.crumbs(),
            actions=self.actions(record) if asof.moment() is None else (),
            lead=self.lead(record),
        )

    def badges(self, record: Any) -> list[Any]:
        return [state_badge(record)]

    def lead(self, record: Any) -> str:
        return ""

    def actions(self, record: Any) -> list[Action]:
        """What this person may do to the record now."""
        return []

    def strip(self, record: Any) -> Sequence[Fact]:
        """The few facts across the top of every tab."""
        return ()

    def facts(self, record: Any) -> Sequence[tuple[Any, Sequence[Fact]]]:
        """Groups of facts: (title, facts)."""
        return ()

    def extra(self, record: Any) -> dict[str, Any]:
        return {}

    def own_tabs(self) -> list[RecordTab]:
        """Those of the kind; those of every governed kind only where it is one."""
        governed = issubclass(self.model, Governed)
        return [tab for tab in registry.tabs_of(self.kind.name) if governed or tab.kind != "*"]

    def tabs(self, record: Any, current: str) -> list[Tab]:
        middle = [
            Tab(
                id=tab.id,
                label=str(tab.label),
                url=self.kind.url(self.key(record), tab.id),
                count=tab.count(self.request, record) if tab.count else None,
                current=tab.id == current,
            )
            for tab in self.own_tabs()
        ]
        first = Tab("", _("Summary"), self.kind.url(self.key(record)), current=not current)
        last = Tab("history", _("History"), self.kind.url(self.key(record), "history"), current=current == "history")
        return [first, *middle, last]

    def _tab(self, name: str) -> RecordTab:
        for tab in self.own_tabs():
            if tab.id == name:
                return tab
        raise Hidden

    def _history(self, record: Any) -> dict[str, Any]:
        """One page of the record's events, with what they can be filtered by."""
        params, told = self.request.GET, told_of(record)
        wanted = self._wanted()
        rows = [pair for pair in told if wanted.has(pair[0])]
        page = max(1, int(params.get("page", "1") if params.get("page", "1").isdigit() else 1))
        offset = (page - 1) * HISTORY_PAGE
        shown = entries(rows[offset : offset + HISTORY_PAGE], self.request.user)
        return {
            "entries": [entry for entry in shown if entry.sentence],
            "older": self._page(page + 1) if len(rows) > offset + HISTORY_PAGE else "",
            "newer": self._page(page - 1) if page > 1 else "",
            "filters": _offered(told),
            "params": params,
        }

    def _wanted(self) -> Wanted:
        params = self.request.GET
        actor = params.get("actor", "")
        if actor and not (actor.isdigit() and len(actor) < 18):
            raise invalid(actor=_("A whole number."))
        return Wanted(
            actor=int(actor) if actor else None,
            capacity=params.get("capacity", ""),
            since=asof.parse(params["from"]) - timedelta(days=1) if params.get("from") else None,
            until=asof.parse(params["to"]) if params.get("to") else None,
            outside=bool(params.get("outside")),
        )

    def _page(self, number: int) -> str:
        params = self.request.GET.copy()
        params["page"] = str(number)
        return f"?{params.urlencode()}"


def _offered(told: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    """Who acted on the record, and in which capacities."""
    contexts = [event.pgh_context or {} for event, _before in told]
    people = get_user_model()._default_manager.filter(pk__in={c["actor"] for c in contexts if "actor" in c})
    held = {c["capacity"] for c in contexts if c.get("capacity")}
    return {
        "people": people.order_by("name").values_list("pk", "name"),
        "roles": [card for card in registry.roles.values() if card.id in held],
    }
