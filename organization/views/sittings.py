"""A sitting: what do we decide today? One matter a screen, votes taken live, minutes written by the end."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.access import access_of
from aims.errors import Hidden
from aims.ui import Action, Badge, Fact
from aims.views.act import ActView
from aims.views.base import KindView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from organization import committee_policies as policies
from organization.committee_forms import MinutesForm, OutcomeForm, PresentForm, ReasonActForm, VoteForm
from organization.committee_states import CHOICE_TONES, MATTER_TONES, Choice, MatterState, SittingState
from organization.committee_tables import SITTINGS
from organization.committees import Matter, Sitting
from organization.deciding import Decides
from organization.services import committees as services
from organization.views.committees import seen_records


class SittingView(KindView):
    model = Sitting

    def rows(self) -> Any:
        return super().rows().select_related("unit", "owner", "committee")

    def get_record(self) -> Any:
        found = self.rows().filter(ref=self.kwargs["ref"]).first()
        if found is None or not access_of(self.request.user).sees(found.committee):
            raise Hidden
        return found


class SittingList(SittingView, RegisterView):
    """When do committees meet, and what came of it?"""

    table = SITTINGS
    lead = gettext_lazy("Sittings of committees with their agenda, votes and minutes.")


class SittingDetail(SittingView, RecordView):
    """What do we decide today?"""

    summary_template = "organization/sitting_detail.html"

    def strip(self, record: Sitting) -> Sequence[Fact]:
        people = [one.person for one in record.attendances.select_related("person")]
        return [
            Fact(_("Committee"), record.committee),
            Fact(_("Day"), record.held_on),
            Fact(_("Place or call"), record.place, missing=_("Not said")),
            Fact(_("Present"), people, missing=_("Nobody yet")),
        ]

    def actions(self, record: Sitting) -> list[Action]:
        if not policies.can_run(self.request.user, record):
            return []
        url = record.get_absolute_url()
        if record.state == SittingState.PLANNED:
            return [
                Action(_("Call off"), f"{url}cancel/", icon="x"),
                Action(_("Take up the queue"), f"{url}fill/", method="post", icon="list-check", version=record.version),
                Action(_("Open the sitting"), f"{url}open/", icon="player-play", primary=True),
            ]
        if record.state != SittingState.OPEN:
            return []
        return [
            Action(_("Take up the queue"), f"{url}fill/", method="post", icon="list-check", version=record.version),
            Action(_("Somebody came"), f"{url}present/", icon="plus"),
            Action(_("Close with minutes"), f"{url}close/", icon="clipboard-check", primary=True),
        ]

    def extra(self, record: Sitting) -> dict[str, Any]:
        rows = list(
            record.matters.select_related("raised_by", "decided_by", "committee").prefetch_related("votes__person")
        )
        seen = seen_records(rows, self.request.user)
        agenda = [(one, seen.get(one.record_id), badge_of(one)) for one in rows]
        shown = [one for one in rows if one.record_id in seen]
        current = self._current(shown)
        here = screen(current, seen[current.record_id], record, self.request) if current is not None else {}
        return {"agenda": agenda, "current": current, **here}

    def _current(self, rows: list[Matter]) -> Matter | None:
        """The matter of the address, else the first that is not decided, else the first."""
        asked = self.request.GET.get("matter", "")
        chosen = next((one for one in rows if str(one.pk) == asked), None)
        undecided = next((one for one in rows if one.open), None)
        return chosen or undecided or next(iter(rows), None)


def badge_of(matter: Matter) -> Badge:
    """What became of the matter: its outcome, or where it stands."""
    if matter.outcome:
        return Badge(matter.get_outcome_display(), CHOICE_TONES[matter.outcome])
    return Badge(matter.get_state_display(), MATTER_TONES[matter.state])


def screen(matter: Matter, record: Any, sitting: Sitting, request: HttpRequest) -> dict[str, Any]:
    """One matter as the sitting sees it: the record, the count, the votes, what this person may do."""
    user: Any = request.user
    live = sitting.state == SittingState.OPEN and matter.state == MatterState.LISTED and asof.moment() is None
    matter.sitting, matter.record = sitting, record
    votes = list(matter.votes.all())
    voted = next((one for one in votes if one.person_id == user.pk), None)
    allowed = bool(live and voted is None and policies.can_vote(user, matter))
    barred = services.barred(matter, user) if allowed else ""
    return {
        "record_of": record,
        "count": services.count_votes(matter),
        "options": [(Choice(name).label, number) for name, number in services.count_votes(matter).votes.items()],
        "votes": [(one, Badge(one.get_choice_display(), CHOICE_TONES[one.choice])) for one in votes],
        "voted": voted,
        "barred": barred,
        "vote_form": VoteForm(matter=matter, user=user, instance=sitting) if allowed and not barred else None,
        "may_run": bool(live and policies.can_run(user, sitting)),
    }


class SittingAct(Decides, SittingView, ActView):
    """One act on a sitting, by who runs it."""

    def may(self, record: Sitting) -> str:
        return policies.can_run(self.request.user, record)


class SittingOpen(SittingAct):
    """Begin, with who is there."""

    form_class, submit = PresentForm, gettext_lazy("Open the sitting")

    def heading(self, record: Any) -> str:
        return _("Open %(title)s") % {"title": record.title}

    def perform(self, record: Sitting, form: Any) -> Sitting:
        by: Any = self.request.user
        return services.open_sitting(record, by=by, present=form.here(), version=self.version(form))


class SittingPresent(SittingAct):
    """Who came later."""

    form_class, submit, said = PresentForm, gettext_lazy("Save"), gettext_lazy("Saved.")

    def heading(self, record: Any) -> str:
        return _("Who is present")

    def perform(self, record: Sitting, form: Any) -> Sitting:
        by: Any = self.request.user
        return services.note_present(record, by=by, present=form.here(), version=self.version(form))


class SittingCancel(SittingAct):
    """Call the sitting off."""

    form_class, submit, said = ReasonActForm, gettext_lazy("Call it off"), gettext_lazy("Called off.")

    def heading(self, record: Any) -> str:
        return _("Call off %(title)s") % {"title": record.title}

    def perform(self, record: Sitting, form: Any) -> Sitting:
        by: Any = self.request.user
        return services.cancel_sitting(record, by=by, reason=form.cleaned_data["reason"], version=self.version(form))


class SittingClose(SittingAct):
    """End, with minutes written from what was recorded."""

    form_class, submit, said = MinutesForm, gettext_lazy("Close the sitting"), gettext_lazy("Closed.")

    def heading(self, record: Any) -> str:
        return _("Close %(title)s") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"minutes": services.draft_minutes(record)}

    def extra(self, record: Sitting) -> dict[str, Any]:
        left = record.matters.open().count()
        said = _("Not decided, and back into the queue: %(count)d.") % {"count": left}
        return {"consequences": [_("A closed sitting and its minutes never change."), *([said] if left else [])]}

    def perform(self, record: Sitting, form: Any) -> Sitting:
        by, minutes = self.request.user, form.cleaned_data["minutes"]
        return services.close_sitting(record, by=by, minutes=minutes, on=clock.today(), version=self.version(form))


class SittingFill(SittingView):
    """Take what waits in the queue onto the agenda."""

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record: Any = self.get_record()
        given = request.POST.get("version", "")
        services.fill_agenda(record, by=request.user, version=int(given) if given.isdigit() else None)  # type: ignore[arg-type]
        return redirect(record.get_absolute_url())


class MatterAct(SittingAct):
    """One act on a matter of the agenda, which the person sees."""

    def matter(self, record: Sitting) -> Matter:
        found = services.seen_matter(self.kwargs["pk"], self.request.user)
        if found.sitting_id != record.pk:
            raise Hidden
        return found

    def allowed(self, record: Any) -> None:
        self.matter(record)
        super().allowed(record)

    def success_url(self, done: Any) -> str:
        return f"{done.get_absolute_url()}?matter={self.kwargs['pk']}"


class MatterVote(MatterAct):
    """Cast one's vote."""

    form_class, submit, said = VoteForm, gettext_lazy("Vote"), gettext_lazy("Your vote is recorded.")

    def may(self, record: Sitting) -> str:
        return policies.can_vote(self.request.user, self.matter(record))

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return VoteForm(matter=self.matter(record), instance=record, user=self.request.user, **kwargs)

    def heading(self, record: Any) -> str:
        return self.matter(record).question

    def perform(self, record: Sitting, form: Any) -> Sitting:
        data, by = form.data_for_service(), self.request.user
        services.cast_vote(self.matter(record), by=by, **data)
        return record


class MatterOutcome(MatterAct):
    """Record what the votes decided."""

    form_class, submit, said = (
        OutcomeForm,
        gettext_lazy("Record the decision"),
        gettext_lazy("The decision is recorded."),
    )

    def heading(self, record: Any) -> str:
        return _("Record the decision on %(title)s") % {"title": self.matter(record).record.title}

    def extra(self, record: Sitting) -> dict[str, Any]:
        count = services.count_votes(self.matter(record))
        words = {"cast": count.cast, "quorum": count.quorum}
        outcome = Choice(count.outcome).label if count.outcome else _("no majority")
        return {
            "checks": [
                (count.quorate, _("Quorum: %(cast)d of %(quorum)d votes") % words),
                (bool(count.outcome), _("Majority: %(outcome)s") % {"outcome": outcome}),
            ]
        }

    def perform(self, record: Sitting, form: Any) -> Sitting:
        data, by = form.data_for_service(), self.request.user
        services.record_outcome(self.matter(record), by=by, on=clock.today(), **data)
        return record


class MatterPutOff(MatterAct):
    """Leave it for the next sitting."""

    form_class, submit, said = ReasonActForm, gettext_lazy("Put it off"), gettext_lazy("Put off.")

    def heading(self, record: Any) -> str:
        return _("Put off: %(question)s") % {"question": self.matter(record).question}

    def perform(self, record: Sitting, form: Any) -> Sitting:
        reason, by = form.cleaned_data["reason"], self.request.user
        services.put_off(self.matter(record), by=by, reason=reason, on=clock.today())
        return record
