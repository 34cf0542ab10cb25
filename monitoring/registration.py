"""What monitoring gives to the kernel and to the apps around it."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aims.registry import Kind, NavItem, Section, registry
from monitoring import demo, home, policies, reactions, sections
from monitoring.api import ConcernViewSet
from monitoring.due import SOURCES
from monitoring.models import Concern
from organization.facts import ListedOnCase

GROUP = _("Concerns")


def register() -> None:
    """Called once, when the models are there."""
    registry.add_kind(Kind("concern", Concern, _("Concern"), _("Concerns"), "concerns", "speakerphone", ("A.3.3",)))
    registry.allow(policies.VERBS)
    for source in SOURCES:
        registry.falls_due(source)
    registry.react(ListedOnCase, reactions.listed)
    registry.navigation += [
        NavItem(GROUP, _("My concerns"), "/concerns/mine/", "message", order=36),
        NavItem(GROUP, _("Concerns"), "/concerns/", "speakerphone", order=37, verb="concern.handle"),
        NavItem(GROUP, _("Concerns in figures"), "/concerns/figures/", "chart-bar", order=38, verb="concern.count"),
    ]
    if settings.ANONYMOUS_CONCERNS:
        registry.entrances.append(
            NavItem("", _("Raise a concern without signing in"), "/concerns/anonymous/", "speakerphone")
        )
    registry.routes.append(("concerns", ConcernViewSet))
    registry.home_panels.append(home.panel)
    registry.demo_steps.append(demo.steps)
    registry.sections.append(
        Section("concerns", _("Reporting of concerns"), "monitoring/pack_concerns.html", sections.concerns, order=55)
    )
