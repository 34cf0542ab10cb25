"""What people answered to questions of consistency."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models.base import Record
from aims.trail import append_only, tracked


@tracked()
class Answer(models.Model):
    """Why facts that look odd are right; or (`rests` false) that the question stands again. The latest counts.

    It holds for the facts of that digest alone: when they change, the question comes back by itself. Never changed.
    """

    rule = models.CharField(_("Rule"), max_length=60)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="answers", verbose_name=_("Record"))
    digest = models.CharField(max_length=64)
    rests = models.BooleanField(_("Rests"), default=True)
    reason = models.TextField(_("Reason"), max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Answered by")
    )
    capacity = models.CharField(_("Capacity"), max_length=32)
    answered_at = models.DateTimeField(_("Answered"), db_default=Now())

    class Meta:
        verbose_name = _("answer to a question of consistency")
        verbose_name_plural = _("answers to questions of consistency")
        indexes: ClassVar = [models.Index(fields=["record", "rule", "-id"], name="answer_record")]
        constraints: ClassVar = [
            models.CheckConstraint(name="answer_reasoned", condition=models.Q(reason__regex=r"\S")),
            models.CheckConstraint(name="answer_digest", condition=models.Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers: ClassVar = append_only()
