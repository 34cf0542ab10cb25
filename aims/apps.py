from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from aims.celery import app
from aims.registry import NavItem, registry


class AimsConfig(AppConfig):
    name = "aims"
    verbose_name = "AIMS kernel"

    def ready(self) -> None:
        from aims.demo_due import steps
        from aims.rules import RULES
        from aims.thread import DECIDED

        registry.keep(RULES)
        registry.demo_steps.append(steps)
        registry.thread_edges.append(DECIDED)
        registry.navigation += [
            NavItem("", _("Home"), "/", "home", order=0),
            NavItem("", _("What needs me"), "/inbox/", "inbox", order=1),
            NavItem(_("Trail"), _("Background work"), "/jobs/", "cpu", order=95, verb="jobs.manage"),
            NavItem(_("Trail"), _("Activity"), "/activity/", "history", order=90),
            NavItem(_("Trail"), _("Consistency"), "/consistency/", "scale", order=91),
            NavItem(_("Trail"), _("Decisions"), "/decisions/", "gavel", order=92),
            NavItem(_("Trail"), _("What is recorded"), "/recorded/", "info-circle", order=93),
            NavItem(_("Trail"), _("Seals"), "/trail/", "shield-check", order=91, verb="trail.read"),
        ]

    celery = app  # imported here, so that whoever pokes a task speaks to our broker
