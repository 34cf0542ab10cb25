"""Rules of separated duties that audits ask; the table of the organization says whether one may be overridden."""

from django.utils.translation import gettext_lazy as _

from organization.duties import Rule, declare

INDEPENDENT = declare(
    Rule("audit.independent", _("Who owned, wrote, rated or decided what is audited does not audit it."))
)
