"""The record page of a kind: state first, then why, then what to do, then the details; tabs; history."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aims import asof
from aims.errors import Hidden
from aims.history import history
from aims.importing import own
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
        return registry.tabs_of(self.kind.name)

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
        page = max(1, int(self.request.GET.get("page", "1") if self.request.GET.get("page", "1").isdigit() else 1))
        offset = (page - 1) * HISTORY_PAGE
        found = history(record, limit=HISTORY_PAGE + 1, offset=offset, viewer=self.request.user)
        return {
            "entries": found[:HISTORY_PAGE],
            "older": f"?page={page + 1}" if len(found) > HISTORY_PAGE else "",
            "newer": f"?page={page - 1}" if page > 1 else "",
        }
