"""Constraints of evidence, links, packs and files hold in the database, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from aims.models import Record
from evidence.models import Blob, EvidenceItem, EvidenceLink, EvidencePack
from evidence.states import EVIDENCE, PACK, EvidenceState, PackState
from tests.factories.evidence import file_evidence, keeper, link_evidence, pack, result_evidence

DAY = date(2026, 5, 4)


def refused(rows, **values):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        rows.update(**values)
    return str(error.value)


def refused_new(item, **values):
    """What the database says to a copy of the evidence with these values: content is written once, never changed."""
    copy = EvidenceItem.objects.get(pk=item.pk)
    copy.pk, copy.ref, copy._state.adding = None, f"{copy.ref}-copy", True
    for name, value in values.items():
        setattr(copy, name, value)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        copy.save(force_insert=True)
    return str(error.value)


@pytest.fixture
def item(db):
    return file_evidence(expires_on=DAY)


@pytest.fixture
def row(item):
    return EvidenceItem.objects.filter(pk=item.pk)


@pytest.mark.parametrize(
    "values",
    [
        {"form": "link"},
        {"form": "result"},
        {"blob": None},
        {"file_name": ""},
        {"media_type": ""},
        {"url": "https://x.example"},
        {"passed": True},
        {"result": {"metric": "x"}},
    ],
)
def test_form_has_exactly_its_fields(item, values):
    assert "evidence_form_has_its_fields" in refused_new(item, **values)


@pytest.mark.parametrize("values", [{"url": ""}, {"passed": False}, {"file_name": "x.txt"}])
def test_link_has_exactly_its_fields(db, values):
    assert "evidence_form_has_its_fields" in refused_new(link_evidence(), **values)


@pytest.mark.parametrize("values", [{"result": None}, {"passed": None}, {"url": "https://x.example"}])
def test_result_has_exactly_its_fields(db, values):
    assert "evidence_form_has_its_fields" in refused_new(result_evidence(), **values)


def test_it_says_what_it_proves(row):
    assert "evidence_says_what_it_proves" in refused(row, proves="")


def test_period_does_not_end_before_it_begins(row):
    assert "evidence_period" in refused(row, period_from=DAY, period_to=date(2026, 5, 3))
    row.update(period_from=DAY, period_to=DAY)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "//x.example"])
def test_address_is_http(db, url):
    assert "evidence_url_is_http" in refused_new(link_evidence(), url=url)


def test_state_is_a_known_one(row):
    assert "evidence_state_known" in refused(row, state="lost", due_on=None)


def test_only_current_evidence_is_due_and_on_its_last_day(row):
    assert "evidence_due_when_it_expires" in refused(row, due_on=None)
    assert "evidence_due_when_it_expires" in refused(row, due_on=date(2026, 1, 1))
    assert "evidence_due_when_it_expires" in refused(row, state=EvidenceState.WITHDRAWN)
    assert "evidence_due_when_it_expires" in refused(row, expires_on=None)
    row.update(expires_on=None, due_on=None)


def test_nothing_replaces_itself(row):
    assert "evidence_not_own_successor" in refused(row, supersedes=F("id"))


def test_one_successor_alone(item):
    first, second = file_evidence(), file_evidence()
    EvidenceItem.objects.filter(pk=first.pk).update(supersedes=item)
    assert "supersedes_id" in refused(EvidenceItem.objects.filter(pk=second.pk), supersedes=item)


def test_linked_once_to_a_record(item):
    target = Record.objects.get(pk=file_evidence().pk)
    EvidenceLink.objects.create(item=item, record=target)
    with pytest.raises(IntegrityError, match="evidence_link_once"), transaction.atomic():
        EvidenceLink.objects.create(item=item, record=target)


def test_link_raises_the_version_of_its_evidence(item):
    EvidenceLink.objects.create(item=item, record=Record.objects.get(pk=file_evidence().pk))
    assert EvidenceItem.objects.get(pk=item.pk).version == item.version + 1


def test_digest_is_a_digest(db):
    with pytest.raises(IntegrityError, match="blob_digest"), transaction.atomic():
        Blob.objects.create(sha256="G" * 64, size=1)


def test_pack_constraints(db):
    rows = EvidencePack.objects.filter(pk=pack().pk)
    assert "pack_state_known" in refused(rows, state="lost")
    assert "pack_ready_has_content" in refused(rows, state=PackState.READY)
    assert "pack_ready_has_content" in refused(rows, pages=3)
    assert "pack_failed_has_reason" in refused(rows, state=PackState.FAILED)
    assert "pack_failed_has_reason" in refused(rows, failure="why")
    assert "pack_restricted" in refused(rows, confidentiality="normal")


def test_spine_knows_evidence_and_packs(item):
    found = pack()
    kinds = dict(Record.objects.filter(pk__in=[item.pk, found.pk]).values_list("pk", "kind"))
    assert kinds == {item.pk: "evidence", found.pk: "pack"}
    assert Record.objects.get(pk=item.pk).due_on == DAY


def test_host_of_a_link(db):
    assert link_evidence(url="https://archive.example.org:8443/a/b").host == "archive.example.org:8443"
    assert file_evidence().host == ""


def test_workflows_name_every_state():
    for flow, states in ((EVIDENCE, EvidenceState), (PACK, PackState)):
        named = {edge.target for edge in flow.edges} | {source for edge in flow.edges for source in edge.sources}
        assert named == set(states.values)
        assert "stateDiagram-v2" in flow.diagram()


def test_open_and_ready_packs(db):
    found = pack(keeper())
    assert (found.is_open, found.is_ready, found.file_name) == (True, False, f"{found.ref}.pdf")
