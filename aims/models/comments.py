"""Comments on any governed record: what was said, who was named in it, whether it is settled. Never changed or deleted."""

from typing import Any, ClassVar

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models.base import Record
from aims.models.due import Task
from aims.trail import append_only, tracked

PEOPLE = settings.AUTH_USER_MODEL


class CommentQuerySet(models.QuerySet[Any]):
    """Reads of comments."""

    def visible_to(self, user: Any) -> Any:
        """Who sees the record sees what is said about it."""
        return self.filter(record__in=apps.get_model("aims", "Record").objects.visible_to(user))

    def open(self) -> Any:
        """Threads that nobody settled."""
        return self.filter(answers_to=None, resolved_at=None)


@tracked()
class Comment(models.Model):
    """Something said about a record, or an answer to it. A thread is settled, with the answers under it."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="comments")
    answers_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers", verbose_name=_("Answers to")
    )
    author = models.ForeignKey(PEOPLE, on_delete=models.PROTECT, related_name="+", verbose_name=_("By"))
    text = models.TextField(_("Comment"), max_length=4000)
    written_at = models.DateTimeField(_("Written"), db_default=Now(), editable=False)
    resolved_by = models.ForeignKey(
        PEOPLE, null=True, editable=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("Settled by")
    )
    resolved_at = models.DateTimeField(_("Settled"), null=True, editable=False)

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["record", "id"], name="record_comment")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="record_comment_said", condition=Q(text__regex=r"\S"), violation_error_message=_("Say something.")
            ),
            models.CheckConstraint(
                name="record_comment_resolved",
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False, answers_to=None),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_settled",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=(
                    "IF OLD.resolved_at IS NOT NULL OR (NEW.record_id, NEW.answers_to_id, NEW.author_id, NEW.text, "
                    "NEW.written_at) IS DISTINCT FROM (OLD.record_id, OLD.answers_to_id, OLD.author_id, OLD.text, "
                    "OLD.written_at) THEN RAISE EXCEPTION 'a comment is settled once and never changed' "
                    "USING ERRCODE = 'check_violation', CONSTRAINT = 'record_comment_settled'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


@tracked()
class Mention(models.Model):
    """Somebody was named in a comment, and what was asked of them in the inbox."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(PEOPLE, on_delete=models.PROTECT, related_name="+", verbose_name=_("Person"))
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["comment", "person"], name="mention_once")]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return str(self.person)
