"""What holds for the organization as a whole: where it is at home, which language, when it wants to be certified."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.db import Now
from aims.trail import tracked


def language() -> str:
    """The language of the organization as a whole."""
    return Profile.objects.values_list("language", flat=True).first() or settings.LANGUAGE_CODE


@tracked()
class Profile(models.Model):
    """One row, made when the installation is set up."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    language = models.CharField(_("Language"), max_length=8, default="en")
    time_zone = models.CharField(_("Time zone"), max_length=40, default="UTC")
    certification_on = models.DateField(_("Certification wanted by"), null=True, blank=True)
    founded_at = models.DateTimeField(pgettext_lazy("since", "Set up"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organization")
        constraints: ClassVar = [models.CheckConstraint(name="profile_only_one", condition=Q(id=1))]
