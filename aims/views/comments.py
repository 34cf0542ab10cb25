"""The tab on which people talk about a record, and what it posts to."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock, comments
from aims.errors import Hidden
from aims.forms import ActForm, RowsField
from aims.models import Comment
from aims.registry import RecordTab, registry
from aims.services import require
from aims.ui import Action, Crumb, Header
from aims.views.base import PageView


def _people(user: Any) -> Any:
    return get_user_model()._default_manager.visible_to(user).active()


class CommentForm(ActForm):
    """What one says, and whom it should reach."""

    text = forms.CharField(
        label=gettext_lazy("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say something.")},
    )  # fmt: skip
    mentions = RowsField(
        "people", _people, "email", label=gettext_lazy("Who should see it"), required=False,
        help_text=gettext_lazy("They find it in their inbox and in their daily mail."),
    )  # fmt: skip


def tab(request: HttpRequest, record: Any) -> dict[str, Any]:
    """Threads, the open ones first, and the form where the reader may talk."""
    may = asof.moment() is None and bool(comments.can_comment(request.user, record))
    return {
        "threads": comments.threads_of(record),
        "comment_form": CommentForm(user=request.user) if may else None,
        "comment_url": f"/comments/{record.ref}/",
    }


def count(request: HttpRequest, record: Any) -> int:
    """Open threads."""
    return int(Comment.objects.filter(record_id=record.pk).open().count())


COMMENTS = RecordTab("*", "comments", gettext_lazy("Comments"), "kit/comments.html", tab, count, 95)


class CommentWrite(PageView):
    """Say something about a record."""

    def opened(self) -> Any:
        record = comments.seen_subject(self.kwargs["ref"], self.request.user)
        require(comments.can_comment(self.request.user, record))
        return record

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self.page(self.opened(), CommentForm(user=request.user))

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record, form = self.opened(), CommentForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(record, form, 400)
        answers = request.POST.get("answers_to", "")
        thread = (
            Comment.objects.filter(pk=int(answers[:18]), record_id=record.pk).first() if answers.isdigit() else None
        )
        data = form.data_for_service()
        try:
            comments.write_comment(record, by=request.user, on=clock.today(), at=clock.now(), answers_to=thread, **data)
        except ValidationError as error:
            form.refuse(error)
            return self.page(record, form, 400)
        return redirect(registry.kind_of(type(record)).url(record.ref, "comments"))

    def page(self, record: Any, form: CommentForm, status: int = 200) -> HttpResponse:
        kind = registry.kind_of(type(record))
        crumbs = [Crumb(str(kind.plural), kind.url()), Crumb(record.ref, kind.url(record.ref, "comments"))]
        header = Header(title=_("Comment on %(title)s") % {"title": record.title}, ref=record.ref, crumbs=crumbs)
        context = {
            "header": header, "form": form, "submit": _("Send"),
            "cancel": Action(_("Cancel"), kind.url(record.ref, "comments")),
        }  # fmt: skip
        return render(self.request, "kit/form.html", context, status=status)


class CommentResolve(PageView):
    """Settle a thread."""

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        found = (
            Comment.objects.visible_to(request.user).filter(pk=number).select_related("record", "answers_to").first()
        )
        if found is None:
            raise Hidden
        comments.resolve_comment(found, by=request.user, at=clock.now())
        return redirect(registry.kinds[found.record.kind].url(found.record.ref, "comments"))
