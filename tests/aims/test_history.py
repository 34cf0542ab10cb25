"""Events as sentences: who did what to which field, from what to what, why, and what was done behind our back."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from aims.history import entries, event_model, history, in_words, parts_of
from aims.models import Governed
from aims.registry import registry
from aims.trail import recording
from organization.states import Role
from tests.factories import person, unit
from tests.factories.sample import sample, slice_of
from tests.sample.models import Sample, Slice

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    return sample(unit=unit(), title="Thing")


def change(row, by=None, reason="", **values):
    with recording(by, "change_sample", capacity="system_owner" if by else "", reason=reason):
        Sample.objects.filter(pk=row.pk).update(**values)


def test_one_changed_field_is_told_with_both_values(row):
    who = person(name="Ada Byron")
    change(row, who, "asked by audit", title="Thing two")
    told = history(row)[0]
    assert told.sentence == "changed Name from “Thing” to “Thing two”"
    assert (told.actor, told.capacity, told.reason, told.outside) == (
        "Ada Byron",
        "System owner",
        "asked by audit",
        False,
    )


def test_empty_values_are_dashes(row):
    change(row, purpose="sort letters")
    assert history(row)[0].sentence == "changed Purpose from “—” to “sort letters”"


def test_long_text_is_named_and_shown_beside(row):
    change(row, purpose="x" * 200)
    told = history(row)[0]
    assert told.sentence == "changed Purpose"
    assert [(c.label, c.after, c.long) for c in told.changes] == [("Purpose", "x" * 200, True)]


def test_several_fields_are_listed(row):
    change(row, purpose="p", kept=True)
    assert history(row)[0].sentence == "changed Purpose, Kept"


def test_adding_and_removing_a_part_shows_in_the_roots_history(row):
    piece = slice_of(row, label="thin", size=1)
    with recording(None, "cut"):
        Slice.objects.filter(pk=piece.pk).update(size=2)
    with recording(None, "cut"):
        Slice.objects.filter(pk=piece.pk).update(size=3, label="thick")
    Slice.objects.filter(pk=piece.pk).delete()
    told = history(row)
    assert {change.label for change in told[1].changes} == {"Label", "Size"}
    assert told[1].sentence.endswith("of the slice “thick”")
    assert [one.sentence for one in (told[0], *told[2:])] == [
        "removed the slice “thick”",
        "changed Size of the slice “thin” from “1” to “2”",
        "added the slice “thin”",
        "added the sample “Thing”",
    ]


def test_removal_of_the_record_is_told():
    gone = sample(unit=unit(), title="Gone")
    key = gone.pk
    gone.delete()
    last = event_model(Sample).objects.filter(pgh_obj_id=key).order_by("-pgh_id").first()
    assert next(iter(entries([(last, None)]))).sentence == "removed the sample “Gone”"


def test_change_outside_the_application_is_marked(row):
    Sample.objects.filter(pk=row.pk).update(purpose="psql")
    told = history(row)[0]
    assert (told.actor, told.outside) == ("Outside the application", True)


def test_the_system_itself_acts_by_its_name(row):
    change(row, purpose="by a job")
    assert (history(row)[0].actor, history(row)[0].outside) == ("AIMS itself", False)


def test_links_are_told_by_name(row):
    owner = person(name="New Owner")
    change(row, owner=owner)
    assert history(row)[0].sentence == "changed Owner from “—” to “New Owner”"


def test_link_to_a_vanished_row_is_told_by_key(row):
    twin = sample(unit=row.unit)
    change(row, twin=twin)
    change(row, twin=None)
    key = twin.pk
    twin.delete()
    assert history(row)[1].sentence == f"changed Twin from “—” to “{key}”"


def test_paging_of_the_history(row):
    for number in range(5):
        change(row, purpose=f"p{number}")
    everything = [one.sentence for one in history(row)]
    assert [one.sentence for one in history(row, limit=2, offset=2)] == everything[2:4]


def test_history_takes_few_queries_however_long(row, queries):
    who = person()
    change(row, who, purpose="1")
    slice_of(row)
    short = queries(lambda: history(row))
    for number in range(6):
        change(row, who, purpose=f"{number}x")
        slice_of(row)
    assert queries(lambda: history(row)) == short <= 6


def test_parts_are_found_by_their_root():
    assert parts_of(Sample) == [Slice]
    assert parts_of(Slice) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("purpose", None, ""),
        ("purpose", "", ""),
        ("colours", [], ""),
        ("colours", ["red", "blue"], "Red as wine, Blue"),
        ("kept", True, "yes"),
        ("kept", False, "no"),
        ("state", "used", "In use"),
        ("confidentiality", "case", "Case list only"),
        ("due_on", date(2026, 3, 4), "4 March 2026"),
        ("amount", 3, "3"),
        ("twin", 5, "5"),
    ],
)
def test_values_in_words(name, value, words):
    with translation.override("en"):
        assert in_words(Sample, name, value, {}) == words


def test_moments_are_told_in_the_persons_zone():
    moment = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Berlin"), translation.override("en"):
        assert in_words(Sample, "seen_at", moment, {}).startswith("5 March 2026")


def test_every_governed_kind_is_told_by_a_name():
    governed = [kind.model for kind in registry.kinds.values() if issubclass(kind.model, Governed)]
    assert governed
    names = [str(kind._meta.verbose_name) for kind in governed]
    assert [name for name in names if not _common(name)] == []


def _common(name):
    """Whether a name is in small letters, but for what the standard itself writes large."""
    left = name.replace("AI", "").replace("Statement of Applicability", "").strip()
    return not left or left.islower()


def test_links_to_records_one_may_not_see_are_not_named(row):
    foreign = sample(unit=unit(), title="Foreign secret")
    change(row, twin=foreign)
    viewer = person("reader", row.unit)
    assert history(row, viewer=viewer)[0].sentence == "changed Twin from “—” to “a record you may not see”"
    assert "Foreign secret" in history(row)[0].sentence
    change(row, twin=sample(unit=row.unit, title="Near"))
    assert "Near" in history(row, viewer=viewer)[0].sentence


@pytest.mark.urls("tests.sample.urls")
def test_a_records_history_is_filtered_on_its_page(client_of, at):
    at(datetime(2025, 1, 1, 12, tzinfo=UTC))
    where = unit()
    row, mara = sample(unit=where), person(Role.AIMS_MANAGER, where, name="Mara Manager")
    at(datetime(2025, 1, 5, 12, tzinfo=UTC))
    with recording(mara, "change_sample", capacity=Role.AIMS_MANAGER):
        Sample.objects.filter(pk=row.pk).update(title="By Mara")
    Sample.objects.filter(pk=row.pk).update(title="By psql")
    client = client_of(mara)

    def shown(query):
        page = client.get(f"/samples/{row.ref}/history/?{query}")
        assert page.status_code == 200
        return [entry.sentence for entry in page.context["entries"]]

    psql, by_mara, added = shown("")
    assert shown(f"actor={mara.pk}") == shown(f"capacity={Role.AIMS_MANAGER}") == [by_mara]
    assert shown("outside=1") == [psql]
    assert shown("from=2025-01-01&to=2025-01-02") == [added]
    assert shown("as_of=2025-01-02") == [added]
    assert client.get(f"/samples/{row.ref}/history/?actor=x").status_code == 400
