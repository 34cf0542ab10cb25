"""Taking evidence in, changing, replacing, withdrawing and linking it."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from aims import clock
from aims.errors import Hidden, NotPermitted, Stale, WrongState
from aims.history import history
from aims.models import Record
from evidence import services, storage
from evidence.models import Blob, EvidenceItem, EvidenceLink
from evidence.uploads import examine
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.factories.evidence import RESULT, file_evidence, keeper, link_evidence, result_evidence

DAY = date(2026, 5, 4)


def spine(row) -> Record:
    return Record.objects.get(pk=row.pk)


def reason_of(row) -> str:
    return row.events.order_by("-pgh_id").first().pgh_context.get("reason", "")


@pytest.fixture
def by(db):
    return keeper()


def test_file_is_kept_with_digest_and_received_by_the_database_clock(by):
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with clock.at(moment):
        item = file_evidence(by, content=b"bytes", expires_on=DAY)
    assert item.received_at == moment
    assert (item.form, item.file_name, item.media_type, item.blob.size) == ("file", "report.txt", "text/plain", 5)
    assert b"".join(storage.checked(item.blob_id)) == b"bytes"
    assert (item.owner, item.collector, item.due_on, item.state) == (by, by, DAY, "current")
    assert item.events.get().pgh_context["service"] == "add_evidence"


def test_same_bytes_are_one_blob(by):
    one, two = file_evidence(by), file_evidence(by, name="copy.txt")
    assert one.blob_id == two.blob_id
    assert Blob.objects.filter(pk=one.blob_id).count() == 1


def test_link_and_result(by):
    assert link_evidence(by, url="HTTPS://x.example/a").url == "HTTPS://x.example/a"
    met, missed = result_evidence(by), result_evidence(by, result={**RESULT, "value": 3})
    assert (met.passed, missed.passed) == (True, False)
    assert met.result["metric"] == "False refusals"


@pytest.mark.parametrize(
    "content", [{}, {"url": "https://x.example", "result": RESULT}, {"file": "x", "url": "https://x.example"}]
)
def test_exactly_one_content(by, content):
    if "file" in content:
        content = {**content, "file": examine(BytesIO(b"x"), "a.txt")}
    with pytest.raises(ValidationError):
        services.add_evidence(by=by, data={"title": "x", "proves": "x", "unit": root_unit()}, **content)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example"])
def test_only_http_addresses(by, url):
    with pytest.raises(ValidationError) as refused:
        link_evidence(by, url=url)
    assert "url" in refused.value.message_dict


def test_case_records_are_no_evidence(by):
    with pytest.raises(ValidationError):
        file_evidence(by, confidentiality="case")
    item = file_evidence(by)
    with pytest.raises(ValidationError):
        services.change_evidence(item, by=by, data={"confidentiality": "case"}, version=None)


def test_adding_needs_a_role_in_that_unit(by):
    there = unit()
    who = person(Role.CONTRIBUTOR, there)
    assert file_evidence(who, there).unit == there
    with pytest.raises(NotPermitted):
        file_evidence(who, root_unit())
    with pytest.raises(NotPermitted):
        services.add_evidence(by=person(Role.READER), data={"title": "x", "proves": "x"}, url="https://x.example")


def test_missing_unit_is_named(by):
    with pytest.raises(ValidationError) as refused:
        services.add_evidence(by=by, data={"title": "x", "proves": "x"}, url="https://x.example")
    assert "unit" in refused.value.message_dict


def test_change_keeps_content_and_moves_the_due_date(by):
    item = file_evidence(by, expires_on=DAY)
    data = {"title": "New", "expires_on": date(2027, 1, 1)}
    changed = services.change_evidence(item, by=by, data=data, version=item.version, reason="typo")
    assert (changed.title, changed.due_on, changed.blob_id) == ("New", date(2027, 1, 1), item.blob_id)
    assert reason_of(changed) == "typo"
    assert services.change_evidence(changed, by=by, data={"title": "Newer"}, version=None).due_on == date(2027, 1, 1)


def test_stale_change_is_refused(by):
    item = file_evidence(by)
    services.change_evidence(item, by=by, data={"title": "first"}, version=item.version)
    with pytest.raises(Stale):
        services.change_evidence(item, by=by, data={"title": "second"}, version=item.version)


def test_moving_needs_the_right_in_both_units(by):
    there, here = unit(), unit()
    who = person(Role.CONTRIBUTOR, here)
    item = file_evidence(by, here)
    with pytest.raises(NotPermitted):
        services.change_evidence(item, by=who, data={"unit": there}, version=None)
    other = file_evidence(by, there)
    other.unit = here  # as a form leaves the row it was given
    with pytest.raises(NotPermitted):
        services.change_evidence(other, by=who, data={"unit": here}, version=None)
    assert services.change_evidence(item, by=by, data={"unit": there}, version=None).unit == there


def test_replacing_keeps_the_older_one(by):
    older = file_evidence(by, expires_on=DAY)
    newer = file_evidence(by, content=b"newer", supersedes=older)
    older.refresh_from_db()
    assert (older.state, older.due_on, older.superseded_by) == ("superseded", None, newer)
    for act in (
        lambda: file_evidence(by, supersedes=older),
        lambda: services.change_evidence(older, by=by, data={"title": "x"}, version=None),
        lambda: services.withdraw_evidence(older, by=by, reason="x", version=None),
    ):
        with pytest.raises((WrongState, ValidationError)):
            act()


def test_existing_evidence_can_replace_another(by):
    older, newer = file_evidence(by), link_evidence(by)
    services.supersede_evidence(older, by=by, successor=newer, version=older.version)
    newer.refresh_from_db()
    assert newer.supersedes == older


def test_withdrawing_says_why(by):
    item = file_evidence(by, expires_on=DAY)
    with pytest.raises(ValidationError):
        services.withdraw_evidence(item, by=by, reason=" ", version=None)
    gone = services.withdraw_evidence(item, by=by, reason="wrong sample", version=item.version)
    assert (gone.state, gone.due_on, reason_of(gone)) == ("withdrawn", None, "wrong sample")
    with pytest.raises(NotPermitted):
        services.withdraw_evidence(item, by=person(Role.READER), reason="x", version=None)


def test_linking_needs_both_sides(by):
    here, there = unit(), unit()
    mine, foreign = file_evidence(by, here), file_evidence(by, there)
    who = person(Role.CONTRIBUTOR, here)
    with pytest.raises(Hidden):
        services.link_evidence(mine, by=who, record=spine(foreign))
    with pytest.raises(Hidden):
        services.link_evidence(foreign, by=who, record=spine(mine))
    with pytest.raises(NotPermitted):
        services.link_evidence(mine, by=person(Role.READER), record=spine(foreign))
    link = services.link_evidence(mine, by=by, record=spine(foreign), proves="both")
    assert (link.item, link.record_id, link.proves) == (mine, foreign.pk, "both")
    assert "link to a record" in history(mine)[0].sentence


def test_foreign_record_is_hidden_while_adding_too(by):
    here, there = unit(), unit()
    with pytest.raises(Hidden):
        file_evidence(person(Role.CONTRIBUTOR, here), here, links=[(spine(file_evidence(by, there)), "")])
    assert EvidenceItem.objects.count() == 1


def test_nothing_speaks_for_itself_or_twice(by):
    item, other = file_evidence(by), file_evidence(by)
    with pytest.raises(ValidationError):
        services.link_evidence(item, by=by, record=spine(item))
    services.link_evidence(item, by=by, record=spine(other))
    with pytest.raises(ValidationError):
        services.link_evidence(item, by=by, record=spine(other))


def test_unlinking_says_why_and_is_remembered(by):
    item, other = file_evidence(by), file_evidence(by)
    link = services.link_evidence(item, by=by, record=spine(other))
    with pytest.raises(ValidationError):
        services.unlink_evidence(link, by=by, reason="")
    with pytest.raises(NotPermitted):
        services.unlink_evidence(link, by=person(Role.READER), reason="x")
    services.unlink_evidence(link, by=by, reason="wrong record")
    assert not EvidenceLink.objects.exists()
    assert history(item)[0].reason == "wrong record"


def test_linked_record_cannot_be_deleted_from_under_its_evidence(by):
    item, other = file_evidence(by), file_evidence(by)
    services.link_evidence(item, by=by, record=spine(other))
    assert EvidenceLink.objects.get().record_id == other.pk


def test_verifying_tells_altered_and_missing_from_sound(by):
    item = file_evidence(by, content=b"to be verified")
    assert services.verify_evidence(item)
    assert services.verify_evidence(link_evidence(by))
    storage.remove(item.blob_id)
    assert not services.verify_evidence(item)
