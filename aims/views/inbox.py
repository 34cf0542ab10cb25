"""What needs me? The inbox, one task, attesting many at once, and how one wants to be told."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from aims import calendar, clock, mail, reviews
from aims.due import Work, work_of
from aims.errors import Hidden
from aims.forms_due import AskForm, BlockForm, CompleteForm, LeaveForm, ReassignForm, SnoozeForm, WishesForm
from aims.models import Leave, Record, Task
from aims.registry import registry
from aims.states import Outcome, TaskSort, TaskState
from aims.ui import Action, Badge, Crumb, Fact, Header, Link
from aims.views.base import PageView

MANY = 3  # so many tasks of a kind make attesting them together worth a page


class Inbox(PageView):
    """What needs me? The most consequential first, with age and what it waits for."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        work = work_of(request.user, on=today)
        header = Header(
            title=_("What needs me"),
            lead=_("Reviews and tasks that fall to you, the most consequential first."),
            actions=[
                Action(_("Absence and notifications"), reverse("inbox_settings"), icon="settings"),
                *_many(work),
            ],
        )
        put_off = Task.objects.of(request.user).filter(state=TaskState.SNOOZED, until__gt=today)
        put_off = put_off.select_related("record").order_by("until")
        context = {"header": header, "groups": grouped(work), "put_off": put_off}
        return render(request, "inbox/inbox.html", context)


def grouped(work: Sequence[Work]) -> list[tuple[str, str, list[Work]]]:
    """Title, note and lines: brought up, late, due, coming, blocked; empty groups left out."""
    blocked = [one for one in work if one.task.state == TaskState.BLOCKED]
    free = [one for one in work if one.task.state != TaskState.BLOCKED]
    groups = [
        (_("Brought up to you"), _("Nobody acted in time."), [one for one in free if not one.mine]),
        (_("Overdue"), "", [one for one in free if one.mine and one.days_late > 0]),
        (_("Due today"), "", [one for one in free if one.mine and one.days_late == 0]),
        (_("Coming"), "", [one for one in free if one.mine and one.days_late < 0]),
        (_("Blocked"), _("They go on growing old until what they wait for is there."), blocked),
    ]
    return [group for group in groups if group[2]]


def _many(work: Sequence[Work]) -> list[Action]:
    """A button for each kind of which several wait."""
    found = []
    for kind, source in registry.due_sources.items():
        count = sum(one.record.kind == kind and one.task.sort == TaskSort.REVIEW for one in work)
        if source.rhythmic and count >= MANY:
            label = _("%(name)s: %(count)d at once") % {"name": source.name, "count": count}
            found.append(Action(label, reverse("attest", args=[kind]), icon="list-check"))
    return found


class TaskView(PageView):
    """Base: a task about a record that one sees, or 404."""

    def get_task(self) -> Task:
        tasks = Task.objects.visible_to(self.request.user).select_related(
            "record__unit", "record__owner", "assignee", "stands_in_for", "escalated_to", "done_by"
        )
        found: Task | None = tasks.filter(pk=self.kwargs["number"]).first()
        if found is None:
            raise Hidden
        return found

    def header(self, task: Task, title: str, **more: Any) -> Header:
        crumbs = [Crumb(_("What needs me"), reverse("inbox")), Crumb(str(task.record), task.record.get_absolute_url())]
        return Header(title=title, ref=task.record.ref, crumbs=crumbs, **more)


class TaskPage(TaskView):
    """What is asked about this record, and how do I answer?"""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        task = self.get_task()
        if task.sort == TaskSort.READ and task.assignee_id == request.user.pk:
            return redirect(Work(task, clock.today()).url)
        return self.page(task, CompleteForm())

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        task, form = self.get_task(), CompleteForm(request.POST)
        if not form.is_valid():
            return self.page(task, form, 400)
        try:
            done = reviews.complete_review(task, by=request.user, on=clock.today(), at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.page(task, form, 400)
        messages.success(request, _said(done))
        return redirect("inbox")

    def page(self, task: Task, form: CompleteForm, status: int = 200) -> HttpResponse:
        work = Work(task, clock.today(), mine=task.assignee_id == self.request.user.pk)
        may = bool(reviews.can_work(self.request.user, task)) and task.state not in TaskState.closed()
        elsewhere = work.url if work.url != task.get_absolute_url() else ""
        context = {
            "header": self.header(task, work.asks or task.record.title, badges=_badges(work), actions=_acts(task, may)),
            "facts": facts(task),
            "work": work,
            "form": form if may and not elsewhere else None,
            "submit": _("Complete the review"),
            "cancel": Action(_("Back"), reverse("inbox")),
            "elsewhere": elsewhere if may else "",
            "past": Task.objects.filter(record=task.record_id, state=TaskState.DONE)
            .exclude(pk=task.pk)
            .select_related("done_by")
            .order_by("-done_at")[:5],
        }
        return render(self.request, "inbox/task.html", context, status=status)


def _badges(work: Work) -> list[Badge]:
    if work.task.state in TaskState.closed():
        return [Badge(str(work.task.get_state_display()), "good" if work.task.state == TaskState.DONE else "neutral")]
    return [work.badge] if work.badge else []


def _said(task: Task) -> str:
    if task.next_on is None:
        return _("Done. Thank you.")
    return _("Done. Due again on %(day)s.") % {"day": task.next_on}


def _acts(task: Task, may: bool) -> list[Action]:
    record = Action(_("Open the record"), task.record.get_absolute_url(), icon="external-link")
    if not may:
        return [record]
    if task.state != TaskState.OPEN:
        resume = Action(_("Take up again"), reverse("task_resume", args=[task.pk]), method="post", icon="player-play")
        return [record, resume]
    return [
        record,
        Action(_("Put off"), reverse("task_snooze", args=[task.pk]), icon="clock"),
        Action(_("Blocked"), reverse("task_block", args=[task.pk]), icon="lock"),
        Action(_("Hand over"), reverse("task_reassign", args=[task.pk]), icon="user"),
    ]


def facts(task: Task) -> list[Fact]:
    """What a task's page says beside its form."""
    waits = f"{task.why} ({task.until})" if task.until else task.why
    found = [
        Fact(_("Record"), Link(str(task.record), task.record.get_absolute_url())),
        Fact(_("Due"), task.day),
        Fact(_("Assigned to"), task.assignee, missing=_("Nobody")),
        Fact(_("Stands in for"), task.stands_in_for),
        Fact(_("Brought up to"), task.escalated_to),
        Fact(_("Waits because"), waits),
        Fact(_("Outcome"), task.get_outcome_display()),
        Fact(_("What was looked at"), task.looked_at, wide=True),
        Fact(_("Done by"), task.done_by),
        Fact(_("Done"), task.done_at),
        Fact(_("Next due"), task.next_on),
    ]
    return [fact for fact in found if fact.value not in (None, "") or fact.missing]


class ActPage(TaskView):
    """Base of pages with one verb on a task."""

    form_class: ClassVar[type[Any]]
    title: ClassVar[Any] = ""
    submit: ClassVar[Any] = ""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.page(self.get_task(), self.form_class(user=request.user))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        task, form = self.get_task(), self.form_class(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(task, form, 400)
        try:
            self.perform(task, form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
            return self.page(task, form, 400)
        return redirect("inbox")

    def perform(self, task: Task, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def page(self, task: Task, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "header": self.header(task, str(self.title)),
            "form": form,
            "submit": str(self.submit),
            "cancel": Action(_("Back"), task.get_absolute_url()),
        }
        return render(self.request, "kit/act.html", context, status=status)


class Snooze(ActPage):
    form_class, title, submit = SnoozeForm, gettext_lazy("Put this off"), gettext_lazy("Put off")

    def perform(self, task: Task, data: dict[str, Any]) -> None:
        reviews.snooze(task, by=self.request.user, on=clock.today(), **data)


class Block(ActPage):
    form_class, title, submit = BlockForm, gettext_lazy("What does it wait for?"), gettext_lazy("Mark as blocked")

    def perform(self, task: Task, data: dict[str, Any]) -> None:
        reviews.block(task, by=self.request.user, **data)


class Reassign(ActPage):
    form_class, title, submit = ReassignForm, gettext_lazy("Who does it instead?"), gettext_lazy("Hand over")

    def perform(self, task: Task, data: dict[str, Any]) -> None:
        reviews.reassign(task, by=self.request.user, **data)


class Resume(TaskView):
    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        task = reviews.resume(self.get_task(), by=request.user)
        return redirect(task.get_absolute_url())


class Ask(PageView):
    """Ask for a look between two dates."""

    def record(self) -> Any:
        found = Record.objects.visible_to(self.request.user).called(self.kwargs["ref"]).first()
        if found is None:
            raise Hidden
        return found

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self.page(self.record(), AskForm(user=request.user))

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record, form = self.record(), AskForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(record, form, 400)
        try:
            task = reviews.ask_review(record, by=request.user, on=clock.today(), at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
            return self.page(record, form, 400)
        return redirect(task.get_absolute_url())

    def page(self, record: Any, form: Any, status: int = 200) -> HttpResponse:
        header = Header(
            title=_("Ask for a review"), ref=record.ref, crumbs=[Crumb(str(record), record.get_absolute_url())]
        )
        cancel = Action(_("Back"), record.get_absolute_url())
        context = {"header": header, "form": form, "submit": _("Ask"), "cancel": cancel}
        return render(self.request, "kit/act.html", context, status=status)


class Attest(PageView):
    """Are these still right? Many records on one page, exceptions singled out, each recorded singly."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self.page(kind, self.work(kind), {})

    def work(self, kind: str) -> list[Work]:
        if kind not in registry.due_sources or not registry.due_sources[kind].rhythmic:
            raise Hidden
        mine = work_of(self.request.user, on=clock.today())
        return [one for one in mine if one.record.kind == kind and one.task.sort == TaskSort.REVIEW]

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        work = self.work(kind)
        rows = [row for one in work if (row := self.row(one)) is not None]
        try:
            refused = reviews.attest_many(
                rows, by=request.user, looked_at=request.POST.get("looked_at", ""), on=clock.today(), at=clock.now()
            )
        except ValidationError as error:
            return self.page(kind, work, {}, " ".join(error.messages), 400)
        done = len(rows) - len(refused)
        if done:
            words = ngettext("%(count)d review recorded.", "%(count)d reviews recorded.", done)
            messages.success(request, words % {"count": done})
        if refused:
            left = {task.pk: sentence for task, sentence in refused}
            return self.page(kind, [one for one in work if one.task.pk in left], left, "", 400)
        return redirect("inbox")

    def row(self, work: Work) -> reviews.Attestation | None:
        """What was chosen for a task; None when it is left for later."""
        chosen = self.request.POST.get(f"outcome-{work.task.pk}", "")
        if chosen not in Outcome.values:
            return None
        return reviews.Attestation(work.task, chosen, self.request.POST.get(f"note-{work.task.pk}", ""))

    def page(
        self, kind: str, work: list[Work], refused: dict[int, str], error: str = "", status: int = 200
    ) -> HttpResponse:
        source = registry.due_sources[kind]
        posted = self.request.POST
        rows = [
            {
                "work": one,
                "chosen": posted.get(f"outcome-{one.task.pk}", ""),
                "note": posted.get(f"note-{one.task.pk}", ""),
                "error": refused.get(one.task.pk, ""),
            }
            for one in work
        ]
        context = {
            "header": Header(
                title=str(source.name),
                lead=str(source.asks),
                crumbs=[Crumb(_("What needs me"), reverse("inbox"))],
            ),
            "rows": rows,
            "outcomes": [*Outcome.choices, ("", _("Later"))],
            "looked_at": posted.get("looked_at", ""),
            "error": error,
        }
        return render(self.request, "inbox/attest.html", context, status=status)


class Settings(PageView):
    """How am I told, and who stands in for me?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        act = {"wishes": self.wishes, "leave": self.leave, "feed": self.feed, "back": self.back}
        return act.get(request.POST.get("act", ""), self.page)()

    def wishes(self) -> HttpResponse:
        form = WishesForm(self.request.POST, instance=reviews.wishes_of(self.request.user), user=self.request.user)
        if not form.is_valid():
            return self.page(wishes=form, status=400)
        try:
            reviews.set_wishes(by=self.request.user, data=form.data_for_service())
        except ValidationError as error:
            form.refuse(error)
            return self.page(wishes=form, status=400)
        messages.success(self.request, _("Saved."))
        return redirect("inbox_settings")

    def leave(self) -> HttpResponse:
        form = LeaveForm(self.request.POST, user=self.request.user)
        if not form.is_valid():
            return self.page(leave=form, status=400)
        try:
            reviews.go_on_leave(by=self.request.user, on=clock.today(), **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
            return self.page(leave=form, status=400)
        messages.success(self.request, _("Saved. What falls to you on these days goes to your stand-in."))
        return redirect("inbox_settings")

    def back(self) -> HttpResponse:
        number = self.request.POST.get("leave", "")
        found = Leave.objects.filter(pk=number if number.isdigit() else 0, person=self.request.user.pk).first()
        if found is None:
            raise Hidden
        reviews.end_leave(found, by=self.request.user, on=clock.today())
        return redirect("inbox_settings")

    def feed(self) -> HttpResponse:
        secret = reviews.new_feed(by=self.request.user)
        return self.page(feed_url=self.request.build_absolute_uri(reverse("calendar", args=[secret])))

    def page(self, *, wishes: Any = None, leave: Any = None, feed_url: str = "", status: int = 200) -> HttpResponse:
        mine = reviews.wishes_of(self.request.user)
        context = {
            "header": Header(
                title=_("Absence and notifications"), crumbs=[Crumb(_("What needs me"), reverse("inbox"))]
            ),
            "wishes": wishes or WishesForm(instance=mine, user=self.request.user),
            "leave": leave or LeaveForm(user=self.request.user),
            "leaves": Leave.objects.filter(person=self.request.user.pk, last__gte=clock.today())
            .select_related("deputy")
            .order_by("first"),
            "has_feed": bool(mine.feed),
            "feed_url": feed_url,
        }
        return render(self.request, "inbox/settings.html", context, status=status)


class CalendarFeed(View):
    """The calendar of whoever the secret belongs to. No sign-in: calendars cannot."""

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        person = calendar.owner_of(secret)
        if person is None:
            return HttpResponse(status=404)
        answer = HttpResponse(calendar.calendar_of(person, clock.now()), content_type="text/calendar; charset=utf-8")
        answer["Cache-Control"] = "private, max-age=900"
        answer["X-Robots-Tag"] = "noindex"
        return answer


class LettersStop(View):
    """End notices of what is coming, straight from the mail. What one must do goes on."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.answer(mail.addressee(token), asks=True)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.answer(mail.stop(token), asks=False)

    def answer(self, person: Any, *, asks: bool) -> HttpResponse:
        known = person is not None
        context = {"asks": asks and known, "person": person}
        return render(self.request, "inbox/stop.html", context, status=200 if known else 404)


# A mail program answers RFC 8058 without any page of ours, so without its token.
letters_stop = csrf_exempt(LettersStop.as_view())
