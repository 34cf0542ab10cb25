"""Many records at once: shown first, each row by its own rules, told and recorded singly; by page and by API."""

from datetime import date
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import bulk, clock
from aims.errors import NotPermitted
from aims.history import event_model
from aims.importing.services import define_own_field
from aims.models import OwnField, Task
from aims.states import TaskSort, TaskState
from aims.trail import recording
from inventory.models import AISystem
from organization.models import User
from organization.states import Role
from tests.factories import grant, person, unit
from tests.factories.inventory import supplier, system

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def ada(shop):
    return person("system_owner", shop, name="Ada Analyst", email="ada@example.org")


@pytest.fixture
def three(shop, ada):
    return [system(unit=shop, owner=ada, title=f"System {n}") for n in range(3)]


def asked(name, text="", reason="The new order.", kind="system"):
    return bulk.Ask(kind, name, text, reason)


def chosen(rows):
    return {row.ref: row.version for row in rows}


def done(act, by, ask, rows):
    rows = rows if isinstance(rows, dict) else chosen(rows)
    return act(ask, rows, by=by, on=DAY, at=clock.now())


def text(response):
    return unescape(response.content.decode())


def test_preview_says_what_would_change_and_changes_nothing(officer, three):
    events = event_model(AISystem).objects.count()
    found = done(bulk.preview, officer, asked("owner", "olga@example.org"), three)
    assert [(one.outcome, one.before, one.after) for one in found] == [
        ("changed", "ada@example.org", "olga@example.org")
    ] * 3
    assert event_model(AISystem).objects.count() == events
    assert set(AISystem.objects.values_list("owner__email", flat=True)) == {"ada@example.org"}


def test_each_row_is_recorded_singly_with_the_reason(officer, three):
    found = done(bulk.carry_out, officer, asked("owner", "olga@example.org"), three[:2])
    assert [one.outcome for one in found] == ["changed", "changed"]
    for row in three[:2]:
        event = event_model(AISystem).objects.filter(pgh_obj_id=row.pk).latest("pgh_id")
        told = event.pgh_context
        assert (told["actor"], told["service"], told["reason"]) == (officer.pk, "change_many", "The new order.")
        assert (told["via"], event.owner_id) == ("change_system", officer.pk)
    three[2].refresh_from_db()
    assert three[2].owner.email == "ada@example.org"


def test_moving_takes_the_kinds_own_rules(officer, three):
    unit("Store")
    found = done(bulk.carry_out, officer, asked("unit", "store"), three)
    assert [one.after for one in found] == ["Store"] * 3
    assert set(AISystem.objects.values_list("unit__name", flat=True)) == {"Store"}


def test_a_row_that_is_refused_leaves_the_others(officer, three, shop):
    rated = system(unit=shop, title="Rated", criticality="low", criticality_reason="Little.")
    found = done(bulk.carry_out, officer, asked("criticality", "High"), [rated, *three[:1]])
    assert [one.outcome for one in found] == ["changed", "refused"]
    assert found[1].refused == "Say why it is so critical."
    assert AISystem.objects.get(pk=rated.pk).criticality == "high"


def test_already_so_is_told(officer, three):
    (same,) = done(bulk.carry_out, officer, asked("owner", "ada@example.org"), three[:1])
    assert same.outcome == "same"


def test_changed_meanwhile_and_invisible_rows_are_refused(ada, three, shop):
    elsewhere = system(unit=unit("Secret place"), title="Hidden")
    refs = {three[0].ref: three[0].version + 1, elsewhere.ref: None, "SYS-9999": None, three[1].ref: None}
    found = done(bulk.carry_out, ada, asked("purpose", "Sorts."), refs)
    assert [one.outcome for one in found] == ["refused", "refused", "refused", "changed"]
    assert "after you opened it" in found[0].refused
    assert found[1].refused == f"There is no {elsewhere.ref}."
    assert found[1].record is None


def test_rights_are_asked_for_each_row(ada, three, shop):
    other = unit("Other")
    theirs = system(unit=other, title="Theirs")
    grant(ada, Role.READER, other)  # reading there is all that Ada may do
    found = done(bulk.carry_out, ada, asked("purpose", "Sorts."), [theirs, three[0]])
    assert [one.outcome for one in found] == ["refused", "changed"]
    assert "do not include" in found[0].refused


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [("owner", "nobody at all", "value"), ("title", "x", "field"), ("owner", "", "value"), ("colour", "x", "field")],
)
def test_what_makes_no_sense_is_told_by_field(officer, three, name, value, field):
    with pytest.raises(ValidationError) as error:
        done(bulk.carry_out, officer, asked(name, value), three)
    assert list(error.value.message_dict) == [field]


def test_bounds_reason_and_rights(officer, three, shop):
    with pytest.raises(ValidationError, match="between 1 and"):
        done(bulk.carry_out, officer, asked("purpose", "x"), {})
    with pytest.raises(ValidationError, match="between 1 and"):
        done(bulk.carry_out, officer, asked("purpose", "x"), {f"SYS-{n}": None for n in range(bulk.MOST + 1)})
    with pytest.raises(ValidationError, match="Say why"):
        done(bulk.carry_out, officer, asked("purpose", "x", reason=" "), three)
    with pytest.raises(NotPermitted):
        done(bulk.carry_out, person("reader", shop), asked("purpose", "x"), three)
    assert not bulk.takes_bulk("person")
    assert not bulk.takes_bulk("proposal")


def test_attesting_completes_what_is_due(officer, three, ada):
    task = Task.objects.create(record_id=three[0].pk, sort=TaskSort.REVIEW, due_on=DAY, day=DAY, assignee=ada)
    AISystem.objects.filter(pk=three[0].pk).update(due_on=DAY)
    ask = asked(bulk.ATTEST, reason="Compared with the list of licences.")
    tried = done(bulk.preview, officer, ask, {one.ref: None for one in three[:2]})
    assert [one.outcome for one in tried] == ["changed", "refused"]
    assert Task.objects.get(pk=task.pk).state == TaskState.OPEN
    found = done(bulk.carry_out, officer, ask, {one.ref: None for one in three[:2]})
    assert found[1].refused == "Nothing is due for it now."
    task.refresh_from_db()
    assert (task.state, task.done_by, task.looked_at) == (TaskState.DONE, officer, ask.reason)
    assert AISystem.objects.get(pk=three[0].pk).due_on == task.next_on
    with pytest.raises(ValidationError, match="Say what you looked at"):
        done(bulk.preview, officer, asked(bulk.ATTEST, reason=""), three)


def test_kind_without_confirming_says_so(officer, shop, monkeypatch):
    monkeypatch.setattr(bulk, "can_attest", lambda kind: False)
    with pytest.raises(ValidationError, match="not confirmed this way"):
        done(bulk.preview, officer, asked(bulk.ATTEST, kind="supplier"), [supplier(unit=shop)])


def test_from_the_register_to_the_outcome(officer, client_of, three):
    browser = client_of(officer)
    page = browser.get("/systems/")
    assert f'name="ref" value="{three[0].ref}"' in text(page)
    refs = [one.ref for one in three]
    page = browser.get("/bulk/system/", {"ref": refs})
    assert all(ref in text(page) for ref in refs)
    page = browser.get("/bulk/system/", {"ref": refs, "field": "owner"})
    body = {"field": "owner", "ref": refs, "value": "olga@example.org", "reason": "Ada leaves."}
    shown = browser.post("/bulk/system/", body)
    assert "Will change" in text(shown)
    assert User.objects.get(email="ada@example.org").pk == AISystem.objects.get(ref=refs[0]).owner_id
    sent = [f"{one.ref}@{one.version}" for one in shown.context["done"]]
    assert f'name="ref" value="{" ".join(sent)} "' in text(shown)
    told = browser.post("/bulk/system/", {**body, "ref": sent, "do": "1"})
    assert [one.outcome for one in told.context["done"]] == ["changed"] * 3
    assert set(AISystem.objects.values_list("owner", flat=True)) == {officer.pk}
    again = browser.post("/bulk/system/", {**body, "value": "ada@example.org", "ref": sent, "do": "1"})
    assert [one.outcome for one in again.context["done"]] == ["refused"] * 3


def test_bad_pages(officer, client_of, three, shop):
    browser, refs = client_of(officer), [one.ref for one in three]
    assert "Nothing is ticked" in text(browser.get("/bulk/system/"))
    assert browser.get("/bulk/import/").status_code == 404
    assert browser.get("/bulk/system/", {"ref": refs, "field": "colour"}).status_code == 404
    assert browser.post("/bulk/system/", {"ref": refs, "field": "purpose", "value": "x"}).status_code == 400
    empty = browser.post("/bulk/system/", {"field": "purpose", "value": "x", "reason": "y"})
    assert "Nothing is ticked" in text(empty)
    assert empty.status_code == 400
    assert browser.get("/bulk/system/?as_of=2026-01-01").status_code == 409
    reader = client_of(person("reader", shop))
    assert reader.get("/bulk/system/").status_code == 403
    assert 'name="ref"' not in text(reader.get("/systems/"))
    assert 'name="ref"' not in text(browser.get("/systems/?as_of=2026-01-01"))


@pytest.mark.parametrize("field", ["criticality", "live_since", "attest", "purpose"])
def test_every_sort_of_field_is_asked(officer, client_of, three, field):
    page = client_of(officer).get("/bulk/system/", {"ref": three[0].ref, "field": field})
    assert page.status_code == 200
    assert ("value" in page.context["form"].fields) == (field != "attest")


def test_by_program(officer, api_of, three, shop):
    api = api_of(officer)
    rows = [{"ref": three[0].ref, "version": three[0].version}, {"ref": "SYS-9999"}]
    body = {"kind": "system", "field": "owner", "value": "olga@example.org", "reason": "Ada leaves.", "records": rows}
    tried = api.post("/api/v1/bulk/", {**body, "preview": True})
    assert (tried.status_code, tried.data["preview"]) == (200, True)
    assert [one["outcome"] for one in tried.data["results"]] == ["changed", "refused"]
    assert AISystem.objects.get(pk=three[0].pk).owner != officer
    told = api.post("/api/v1/bulk/", body).data["results"]
    assert told[0] == {
        "ref": three[0].ref,
        "outcome": "changed",
        "before": "ada@example.org",
        "after": "olga@example.org",
        "told": "",
    }
    assert told[1]["told"] == "There is no SYS-9999."
    assert api.post("/api/v1/bulk/", {**body, "kind": "import"}).status_code == 400
    assert api.post("/api/v1/bulk/", {**body, "colour": 1}).status_code == 400
    assert api_of(person("reader", shop)).post("/api/v1/bulk/", body).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_preview_page_asks_as_much_for_many_but_for_each_rows_own_work(officer, client_of, queries, shop, count):
    refs = [system(unit=shop, title=f"S {n}").ref for n in range(count)]
    browser = client_of(officer)
    assert queries(lambda: browser.get("/bulk/system/", {"ref": refs, "field": "purpose"})) <= 20


@pytest.fixture
def tags(officer):
    return define_own_field(
        by=officer, kind="system", label="Labels", sort="tags", choices=["Pilot", "Shop floor", "Old"]
    )


def test_tags_are_added_and_taken_away(officer, three, tags, client_of):
    AISystem.objects.filter(pk=three[0].pk).update(own={"labels": ["Old"]})
    rows = {one.ref: None for one in three[:2]}
    name = "own:labels"
    done(bulk.carry_out, officer, bulk.Ask("system", name, "pilot; shop floor", "Sorted.", bulk.ADD), rows)
    assert [AISystem.objects.get(pk=one.pk).own for one in three[:2]] == [
        {"labels": ["Old", "Pilot", "Shop floor"]},
        {"labels": ["Pilot", "Shop floor"]},
    ]
    found = done(bulk.carry_out, officer, bulk.Ask("system", name, "Old", "Sorted.", bulk.TAKE), rows)
    assert [(one.outcome, one.before) for one in found] == [
        ("changed", "Old; Pilot; Shop floor"),
        ("same", "Pilot; Shop floor"),
    ]
    done(bulk.carry_out, officer, bulk.Ask("system", name, "pilot; shop floor", "Sorted.", bulk.TAKE), rows)
    assert AISystem.objects.get(pk=three[0].pk).own == {}
    with pytest.raises(ValidationError, match="several words"):
        done(bulk.carry_out, officer, bulk.Ask("system", "purpose", "x", "Sorted.", bulk.ADD), rows)
    with pytest.raises(ValidationError, match="is not one of"):
        done(bulk.carry_out, officer, bulk.Ask("system", name, "Unknown", "Sorted.", bulk.ADD), rows)


def test_tags_by_page_register_form_and_api(officer, three, tags, client_of, api_of):
    browser, ref = client_of(officer), three[0].ref
    body = {"field": "own:labels", "ref": [ref], "value": ["Pilot", "Old"], "how": "add", "reason": "Sorted."}
    assert "Add to what is there" in text(browser.get("/bulk/system/", {"ref": ref, "field": "own:labels"}))
    assert browser.post("/bulk/system/", {**body, "do": "1"}).context["done"][0].changed
    assert "Pilot, Old" in text(browser.get(three[0].get_absolute_url()))
    listed = text(browser.get("/systems/?own_labels=Pilot"))
    assert three[0].title in listed
    assert three[1].title not in listed
    form = browser.get(f"{three[0].get_absolute_url()}change/").context["form"]
    assert form["own_labels"].value() == ["Pilot", "Old"]
    api = api_of(officer)
    read = api.get(f"/api/v1/systems/{ref}/")
    assert read.data["own"] == {"labels": ["Pilot", "Old"]}
    changed = api.patch(f"/api/v1/systems/{ref}/", {"own": {"labels": ["Old"]}}, HTTP_IF_MATCH=read["ETag"])
    assert (changed.status_code, changed.data["own"]) == (200, {"labels": ["Old"]})
    rows = [{"ref": ref}]
    more = {"kind": "system", "field": "own:labels", "value": "Pilot", "how": "add", "reason": "x", "records": rows}
    assert api.post("/api/v1/bulk/", more).data["results"][0]["after"] == "Old; Pilot"


def test_tags_need_words_to_choose_from(officer):
    with pytest.raises(ValidationError, match="what can be chosen"):
        define_own_field(by=officer, kind="system", label="Labels", sort="tags")
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        OwnField.objects.create(kind="system", key="x", label="X", sort="tags", choices=[], defined_by=officer)


# -- all that match a register's filters ----------------------------------------------------------------------------


@pytest.fixture
def sixty(shop, ada):
    """More than one page, one of them hidden by the search."""
    rows = [system(unit=shop, owner=ada, title=f"Chat {n}") for n in range(59)]
    return [*rows, system(unit=shop, owner=ada, title="Forecast")]


def test_all_that_match_are_changed_not_the_page_alone(officer, client_of, sixty):
    browser = client_of(officer)
    register = text(browser.get("/systems/", {"q": "chat"}))
    assert "Change all 59" in register
    address = register.split('href="/bulk/system/?')[1].split('"')[0]
    chosen = text(browser.get(f"/bulk/system/?{address}"))
    assert "59 records" in chosen and "Forecast" not in chosen
    given = {"field": "purpose", "value": "It answers.", "reason": "One purpose.", "query": "q=chat"}
    tried = browser.post("/bulk/system/", given)
    assert "59 change, 0 are refused" in text(tried)
    shown = text(tried).split('name="ref" value="')[1].split('"')[0]
    assert len(shown.split()) == 59 and all("@" in one for one in shown.split())
    made = system(unit=sixty[0].unit, title="Chat that came meanwhile")
    done = browser.post("/bulk/system/", {**given, "ref": shown, "do": "1"})
    assert text(done).count("circle-check") >= 59
    assert AISystem.objects.filter(purpose="It answers.").count() == 59
    made.refresh_from_db()
    assert made.purpose != "It answers."


def test_what_is_not_seen_does_not_match(ada, client_of, sixty):
    system(unit=unit("Elsewhere"), title="Chat elsewhere")
    assert "59 records" in text(client_of(ada).get("/bulk/system/", {"query": "q=chat"}))


def test_one_page_needs_no_more_than_ticks_and_too_many_are_refused(officer, client_of, sixty, monkeypatch):
    browser = client_of(officer)
    assert "Change all" not in text(browser.get("/systems/", {"q": "forecast"}))
    monkeypatch.setattr(bulk, "MOST", 20)
    assert "Change all" not in text(browser.get("/systems/"))
    given = {"field": "purpose", "value": "It answers.", "reason": "One purpose.", "query": ""}
    refused = browser.post("/bulk/system/", given)
    assert refused.status_code == 400 and "filters make a long list shorter" in text(refused)


def test_a_filter_that_makes_no_sense_is_refused(officer, client_of, three):
    assert client_of(officer).get("/bulk/system/", {"query": "stage=nonsense"}).status_code == 400
