"""Lists of documents from files: each becomes a draft; once more updates; taken back they are withdrawn."""

import pytest

from aims.errors import WrongState
from aims.importing import services
from aims.models import ImportLine
from aims.states import LineState
from evidence.models import Document
from tests.factories import person
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
HEAD = ["Nr", "Document", "Type", "Department", "Owner", "Audience", "Publisher", "Content"]


@pytest.fixture
def ada(shop):
    return person("system_owner", shop, name="Ada Analyst", email="ada@example.org")


def lines(sort="Procedure", text="# Rules", audience="Everybody in its unit and below", title="How we ask"):
    return [
        HEAD,
        ["D-1", title, sort, "Shop", "ada@example.org", audience, "", text],
        ["D-2", "ISO/IEC 42001", "External document", "Shop", "ada@example.org", "", "ISO, 2023", ""],
    ]


@pytest.fixture
def imported(handed_in, confirmed, officer, ada):
    def run(rows):
        checked = confirmed(handed_in(messy.csv(rows), target="document", name="documents.csv"))
        return worked(services.start_import(checked, by=officer))

    return run


def told():
    return list(ImportLine.objects.order_by("-pk").values_list("state", "errors"))


def test_documents_come_in_as_drafts(imported, ada):
    assert imported(lines()).counts == {LineState.MADE: 2}, told()
    first, second = Document.objects.order_by("pk")
    assert (first.title, first.sort, first.audience, first.owner) == ("How we ask", "procedure", "everybody", ada)
    assert first.versions.get().text == "# Rules"
    assert (second.source, second.state) == ("ISO, 2023", "draft")
    assert second.versions.get().text == "To be written."


def test_once_more_changes_what_is_said(imported):
    imported(lines())
    assert imported(lines(title="How we ask", text="", audience="Nobody is asked")).counts[LineState.CHANGED] == 1
    assert Document.objects.order_by("pk").first().audience == "nobody"


def test_what_it_is_does_not_change_by_file(imported):
    imported(lines())
    assert imported(lines(sort="Plan")).counts == {LineState.WRONG: 1, LineState.SAME: 1}
    assert "never changes" in str(told())


def test_words_have_versions(imported):
    imported(lines())
    with pytest.raises(WrongState, match="nothing to import"):
        imported(lines(text="Other words"))


def test_taken_back_they_are_withdrawn(imported, officer):
    run = imported(lines())
    worked(services.take_back(run, by=officer, reason="Wrong list."))
    assert set(Document.objects.values_list("state", flat=True)) == {"withdrawn"}
