"""What an engagement opens and for how long; requests, offers, comments, notes (7.5.3, 9.2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import clock
from aims.access import access_of
from aims.errors import NotPermitted, Stale, WrongState
from aims.guests import door
from aims.models import Record
from aims.registry import registry
from aims.trail import recording
from audits import policies, services, windows
from audits.models import Engagement, PrivateNote
from inventory.models import AISystem
from organization.states import Role
from risk.models import Risk
from tests.factories import audits as make
from tests.factories import grant, person, root_unit, unit
from tests.factories import risk as risks

pytestmark = pytest.mark.django_db
BOX = "aims-note-1.c2FsdA.aXY.dGV4dA"


def seen(model, who):
    who.forget_access()
    return set(model.objects.visible_to(who))


def test_a_row_shows_when_place_clauses_and_period_all_match():
    here, there = unit(), unit()
    system, other = make.system(here), make.system(there)
    risk = risks.risk(unit=here, system=system)
    audit = make.audit(here, sort="stage_2")
    row = make.engagement(audit, units=[here], clauses=["6.1"])
    who = make.member(row)
    assert seen(Risk, who) == {risk}  # serves clause 6.1
    assert seen(AISystem, who) == set()  # does not
    assert other not in seen(AISystem, who)
    both = make.engagement(make.audit(there, sort="gap"), units=[there])
    services.admit(both, by=make.manager(there), person=who, on=make.today())
    assert seen(AISystem, who) == {other}


def test_a_single_system_opens_with_what_hangs_on_it():
    here = unit()
    system, other = make.system(here), make.system(here)
    risk = risks.risk(unit=here, system=system)
    who = make.member(make.engagement(make.audit(here, sort="gap"), systems=[system]))
    assert seen(AISystem, who) == {system}
    assert seen(Risk, who) == {risk}
    assert other not in seen(AISystem, who)


def test_only_the_period_opens():
    system = make.system()
    closed = make.nonconformity()
    row = make.engagement(period_from=make.soon(-30), period_to=make.soon(-10))
    who = make.member(row)
    assert system not in seen(AISystem, who)  # made after it
    services.change_engagement(
        row, by=make.manager(), data={"period_from": make.soon(10), "period_to": make.soon(20)}, on=make.today(),
        units=[root_unit()],
    )  # fmt: skip
    assert system in seen(AISystem, who)
    data = {"title": "A", "idea": "B", "unit": root_unit(), "owner": closed.owner, "due_on": make.soon()}
    idea = services.register_improvement(by=make.manager(), data=data, on=make.today())
    assert idea in seen(type(idea), who)
    services.end_improvement(idea, by=make.manager(), on=make.today(), outcome="Done", carried_out=True)
    assert idea not in seen(type(idea), who)  # over before the period began


def test_what_is_seen_is_the_same_by_query_and_by_record():
    risks.risk()
    who = make.member(make.engagement(clauses=["6", "8"]))
    access = access_of(who)
    rows = list(Record.objects.all())
    assert {row.pk for row in rows if access.sees(_whole(row))} == set(
        Record.objects.visible_to(who).values_list("pk", flat=True)
    )


def _whole(row):
    return registry.kinds[row.kind].model._default_manager.get(pk=row.pk)


def test_access_begins_and_ends_by_itself(at):
    row = make.engagement(starts_on=make.soon(2), ends_on=make.soon(4))
    who = make.member(row)
    now = clock.now()
    assert not seen(AISystem, who) and "begins" in door(who)
    make.system()
    at(now + timedelta(days=3))
    assert seen(AISystem, who) and door(who) == ""
    at(now + timedelta(days=5))
    assert not seen(AISystem, who) and "ended" in door(who)


def test_it_is_ended_at_once():
    row = make.engagement()
    who = make.member(row)
    make.system()
    services.end_engagement(row, by=make.manager(), reason="Contract over", at=clock.now(), on=make.today())
    assert not seen(AISystem, who) and "ended" in door(who)
    assert windows.over(row, make.today())


def test_one_member_is_dismissed():
    row = make.engagement()
    who = make.member(row)
    services.dismiss(row, by=make.manager(), member=row.members.get(), reason="Left the firm", on=make.today())
    assert not seen(Record, who)


def test_people_of_ours_are_not_let_in():
    row = make.engagement()
    with pytest.raises(ValidationError, match="holds a role"):
        make.member(row, person(Role.READER))
    who = make.member(row)
    with pytest.raises(ValidationError, match="already"):
        make.member(row, who)


def test_who_is_given_a_role_of_ours_leaves_by_the_window():
    who = make.member(make.engagement(units=[root_unit()]))
    make.system()
    assert access_of(who).guest
    where = unit()
    grant(who, Role.READER, where)
    assert not access_of(who).windows and not access_of(who).guest


@pytest.mark.parametrize(("field", "days"), [("ends_on", -1), ("ends_on", 400)])
def test_a_wrong_time_is_told_beside_its_field(field, days):
    with pytest.raises(ValidationError) as refused:
        make.engagement(**{field: make.soon(days), "starts_on": make.soon(-2)})
    assert field in refused.value.error_dict


def test_it_opens_something():
    with pytest.raises(ValidationError):
        make.engagement(units=[])


def test_an_audit_has_one_engagement():
    row = make.engagement()
    with pytest.raises(WrongState):
        make.engagement(row.audit)


def test_people_from_outside_sign_only_what_they_audited():
    mine, other = make.audit(), make.audit()
    who = make.member(make.engagement(mine, role="outsourced_auditor"))
    assert policies.can_sign(who, mine) == "outsourced_auditor"
    assert policies.can_sign(who, other) == ""


def test_the_mirror_is_the_rule_itself():
    make.system()
    row = make.engagement()
    who = make.member(row)
    assert set(AISystem.objects.visible_to(windows.mirror(row))) == seen(AISystem, who)


def test_the_mirror_answers_for_the_past(client_of):
    row = make.engagement()
    url = f"{row.get_absolute_url()}mirror/"
    ours = client_of(make.manager())
    for day in (make.today(), make.today() - timedelta(days=1)):
        assert ours.get(f"{url}?as_of={day}").status_code in (200, 404)
    assert ours.get(f"{url}?as_of={make.today()}").status_code == 200


def asked(row, who, **data):
    return services.ask(row, by=who, data={"wanted": "Risk criteria in force", **data}, on=make.today())


def test_a_request_from_asking_to_accepting():
    row = make.engagement()
    who, manager = make.member(row), make.manager()
    request = asked(row, who)
    assert request.number == "R1"
    with pytest.raises(WrongState):
        services.answer_offer(request, by=who, accepted=True, words="", on=make.today())
    system = make.system()
    record = Record.objects.get(pk=system.pk)
    with pytest.raises(NotPermitted):
        services.offer(request, by=who, record=record, on=make.today())
    services.offer(request, by=manager, record=record, note="Here", on=make.today())
    with pytest.raises(ValidationError):
        services.offer(request, by=manager, record=record, on=make.today())
    with pytest.raises(ValidationError):
        services.answer_offer(request, by=who, accepted=False, words=" ", on=make.today())
    flagged = services.answer_offer(request, by=who, accepted=False, words="The date is missing.", on=make.today())
    assert (flagged.state, flagged.comments.get().words) == ("flagged", "The date is missing.")
    with pytest.raises(Stale):
        services.answer_offer(request, by=who, accepted=True, words="", on=make.today(), edition=1)
    done = services.answer_offer(request, by=who, accepted=True, words="", on=make.today(), edition=flagged.edition)
    assert done.state == "accepted"
    services.comment(request, by=manager, words="Thank you.", on=make.today())
    services.withdraw_request(request, by=who, on=make.today())
    with pytest.raises(WrongState):
        services.comment(request, by=manager, words="Late.", on=make.today())


def test_what_is_offered_shows_whatever_the_window():
    row = make.engagement(clauses=["10.2"])
    who = make.member(row)
    system = make.system(confidentiality="restricted")
    request = asked(row, who)
    assert system not in seen(AISystem, who)
    services.offer(request, by=make.manager(), record=Record.objects.get(pk=system.pk), on=make.today())
    assert system in seen(AISystem, who)


def test_a_stranger_asks_for_nothing():
    row = make.engagement()
    with pytest.raises(NotPermitted):
        asked(row, make.manager())


def test_a_note_is_a_locked_box_of_its_author():
    row = make.engagement()
    who = make.member(row)
    services.keep_note(row, by=who, box=BOX, at=clock.now())
    services.keep_note(row, by=who, box=BOX + "A", at=clock.now())
    assert PrivateNote.objects.get().box == BOX + "A"
    with pytest.raises(ValidationError):
        services.keep_note(row, by=who, box="not locked", at=clock.now())
    with pytest.raises(NotPermitted):
        services.keep_note(row, by=make.manager(), box=BOX, at=clock.now())
    event = PrivateNote.events.rel.related_model
    assert "box" not in {field.name for field in event._meta.fields}


def test_the_database_keeps_only_locked_notes():
    row = make.engagement()
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        PrivateNote.objects.create(engagement=row, person=person(), box="plain words")


def test_nothing_is_asked_after_the_end():
    row = make.engagement()
    who = make.member(row)
    request = asked(row, who)
    services.end_engagement(row, by=make.manager(), reason="Over", at=clock.now(), on=make.today())
    who.forget_access()
    with pytest.raises(NotPermitted):
        asked(row, who)
    with pytest.raises((NotPermitted, WrongState)):
        services.comment(request, by=make.manager(), words="A", on=make.today())
    assert not Engagement.objects.running(make.today()).exists()
