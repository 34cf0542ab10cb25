from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from aims.celery import app
from aims.facts import SealMade, TaskNews
from aims.registry import Kind, NavItem, Section, registry


class AimsConfig(AppConfig):
    name = "aims"
    verbose_name = "AIMS kernel"

    def ready(self) -> None:
        from aims import outbox, webhooks
        from aims.demo_due import steps
        from aims.importing.services import job_ended
        from aims.models import Import
        from aims.rules import RULES
        from aims.sections import decisions
        from aims.thread import DECIDED
        from aims.views.comments import COMMENTS

        registry.keep(RULES)
        registry.demo_steps.append(steps)
        registry.thread_edges.append(DECIDED)
        registry.tabs.append(COMMENTS)
        registry.add_kind(Kind("import", Import, _("Import"), _("Imports"), "imports", "upload", ("4.3", "7.5")))
        registry.job_followers.update(
            {f"aims.import_{work}": job_ended for work in ("read", "check", "run", "take_back")}
        )
        registry.setup_steps.append(webhooks.set_up_operators)
        registry.declare(TaskNews, "tasks were opened, fell due, became overdue, were brought up or completed")
        registry.declare(SealMade, "the trail was sealed")
        registry.react(TaskNews, outbox.tell_tasks)
        registry.react(SealMade, outbox.tell_seal)
        registry.sections.append(
            Section("decisions", _("Decisions"), "trail/pack_decisions.html", decisions, order=35, wide=True)
        )
        registry.navigation += [
            NavItem("", _("Home"), "/", "home", order=0),
            NavItem("", _("What needs me"), "/inbox/", "inbox", order=1),
            NavItem(_("Organization"), _("Imports"), "/imports/", "upload", order=76),
            NavItem(_("Trail"), _("Background work"), "/jobs/", "cpu", order=95, verb="jobs.manage"),
            NavItem(_("Trail"), _("Webhooks"), "/webhooks/", "send", order=96, verb="webhook.manage"),
            NavItem(_("Trail"), _("Cadences"), "/cadences/", "calendar-event", order=97, verb="cadence.change"),
            NavItem(_("Trail"), _("Activity"), "/activity/", "history", order=90),
            NavItem(_("Trail"), _("Consistency"), "/consistency/", "scale", order=91),
            NavItem(_("Trail"), _("Decisions"), "/decisions/", "gavel", order=92),
            NavItem(_("Trail"), _("What is recorded"), "/recorded/", "info-circle", order=93),
            NavItem(_("Trail"), _("Seals"), "/trail/", "shield-check", order=91, verb="trail.read"),
        ]

    celery = app  # imported here, so that whoever pokes a task speaks to our broker
