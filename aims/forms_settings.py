"""Forms of webhooks and cadences."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import ReasonForm
from aims.models.due import PERIODS
from aims.webhooks import EVENTS


class WebhookForm(ReasonForm):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What listens there."))
    url = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.URLInput, help_text=_("Begins with https://.")
    )
    topics = forms.MultipleChoiceField(
        label=_("Told about"), choices=list(EVENTS.items()), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("name", "url", "topics", "reason")


def _days(label: Any, least: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=3660)


class CadenceForm(ReasonForm):
    """How often; of one risk tier."""

    field_order: Sequence[str] = ("number", "period", "reason")
    number = forms.IntegerField(label=_("Every"), min_value=1, max_value=3660)
    period = forms.ChoiceField(label=_("Period"), choices=PERIODS)


class KindForm(CadenceForm):
    """The same for a whole kind, with its days."""

    ahead = _days(_("Opened so many days ahead"), 0)
    grace = _days(_("A lapsed date only warns for so many days"), 0)
    deputy_after = _days(_("The deputy hears after so many days"), 1)
    manager_after = _days(_("The manager hears after so many days"), 1)
    committee_after = _days(_("The committee hears after so many days, of serious tiers alone"), 1)
    field_order: Sequence[str] = (
        "number", "period", "ahead", "grace", "deputy_after", "manager_after", "committee_after", "reason",
    )  # fmt: skip


class WindowsForm(KindForm):
    """Of a kind whose own form sets the next date: the days alone."""

    number = period = None  # type: ignore[assignment]
