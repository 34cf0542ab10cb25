"""Rules of separated duties that controls ask; the table of the organization says where each is required."""

from django.utils.translation import gettext_lazy as _

from organization.duties import Rule, declare

SOA_APPROVER = declare(
    Rule("soa.approver_not_author", _("Who submitted the Statement of Applicability does not approve it."))
)
