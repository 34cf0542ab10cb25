"""What is in a pack: only what its asker may see, as it stood, with the right pages and the same bytes each time."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from aims import clock, jobs, pdf
from aims.models import Record
from evidence import services, storage
from evidence.models import Chapter, EvidencePack
from evidence.services import building
from evidence.services.rendering import render_pack
from organization.states import Role
from tests.factories import person, unit
from tests.factories.evidence import file_evidence, keeper, link_evidence, pack, result_evidence
from tests.factories.inventory import system

CANARY = "CANARY-7f3a91"
HOSTILE = (
    "<script>alert(1)</script>",
    '<img src="http://127.0.0.1:9/x.png">',
    "{{ settings.SECRET_KEY }}{% include 'x' %}",
    "}}/*]]>--></style><style>@import url(http://127.0.0.1:9/)",
    '"><a rel="attachment" href="file:///etc/passwd">x</a>',
    "${7*7} &amp; &lt;b&gt; \\0041 \\n %s {0}",
    "url(javascript:alert(1)) expression(1)",
)


@pytest.fixture(autouse=True)
def no_pokes(monkeypatch):
    monkeypatch.setattr(jobs, "poke", lambda job: True)


@pytest.fixture
def by(db):
    return keeper()


def built(found: EvidencePack) -> bytes:
    jobs.run(found.job_id, render_pack)
    found.refresh_from_db()
    assert found.state == "ready", found.failure
    return b"".join(storage.checked(found.blob_id))


def pages(data: bytes) -> list[str]:
    return [one.extract_text() for one in PdfReader(BytesIO(data)).pages]


def flat(data: bytes) -> str:
    """All text without blanks: lines are broken where they fit."""
    return "".join("".join(pages(data)).split())


def manifest(data: bytes) -> dict:
    return json.loads(PdfReader(BytesIO(data)).attachments["manifest.json"][0])


def test_hostile_text_appears_literally(by):
    items = [file_evidence(by, title=text, proves=text, method=text, population=text) for text in HOSTILE]
    found = pack(by, title=HOSTILE[0])
    data = built(found)
    words = flat(data)
    for text in HOSTILE:
        assert "".join(text.split()) in words
    names = {f"{item.ref} {item.file_name}" for item in items}
    assert set(PdfReader(BytesIO(data)).attachments) == {"manifest.json", *names}


def test_files_of_evidence_go_with_the_document_while_there_is_room(by, monkeypatch):
    monkeypatch.setattr(building, "ATTACHED_MOST", 10)
    first = file_evidence(by, name="minutes.txt", content=b"decided")
    large = file_evidence(by, name="log.txt", content=b"a line of many")
    last = file_evidence(by, name="vote.txt", content=b"yes")
    data = built(pack(by))
    carried = PdfReader(BytesIO(data)).attachments
    assert set(carried) == {"manifest.json", f"{first.ref} minutes.txt", f"{last.ref} vote.txt"}
    assert carried[f"{first.ref} minutes.txt"] == [b"decided"]
    told = {one["ref"]: one["attached"] for one in manifest(data)["evidence"]}
    assert told == {first.ref: True, large.ref: False, last.ref: True}


def test_writing_direction_of_one_title_does_not_reach_the_next(by):
    other = file_evidence(by, title="Turned \u202e around")
    file_evidence(by, links=[(Record.objects.get(pk=other.pk), "plain words")])
    assert "plainwords" in flat(built(pack(by)))


def test_contents_and_manifest_name_the_right_pages(by):
    for number in range(30):
        file_evidence(by, title=f"Item {number}", content=b"%d" % number)
    data = built(pack(by))
    texts = pages(data)
    entries = manifest(data)["contents"]
    titles = [entry["title"] for entry in entries]
    assert titles[titles.index("Evidence") + 1] == "Overview"
    for entry in entries:
        assert entry["title"] in texts[entry["page"] - 1]
        line = next(line for line in texts[1].splitlines() if entry["title"] in line)
        assert str(entry["page"]) in line or str(entry["page"]) in texts[1]
    outline = PdfReader(BytesIO(data)).outline
    sections = [one.title for one in outline if not isinstance(one, list)]
    assert sections[0] == "Contents"
    assert "Evidence" in sections


def test_long_contents_keep_their_page_numbers(by, monkeypatch):
    """Contents of several pages: the numbers hold only if each page takes the lines that were reckoned."""
    monkeypatch.setattr("evidence.sections.CHAPTER", 1)
    for number in range(70):
        link_evidence(by, title=f"Item number {number} with a title that is longer than one line of the contents " * 2)
    data = built(pack(by))
    texts, entries = pages(data), manifest(data)["contents"]
    assert len(entries) > building.FIRST_LINES + building.LINES
    for entry in entries:
        assert entry["title"] in texts[entry["page"] - 1]
    assert "Contents" in texts[3]
    assert f"4 / {len(texts)}" in texts[3]


def test_manifest_lists_every_file_with_its_digest(by):
    item = file_evidence(by, content=b"some bytes", name="a.txt")
    link_evidence(by)
    found = pack(by)
    told = manifest(built(found))
    digest = hashlib.sha256(b"some bytes").hexdigest()
    said = {"ref": item.ref, "title": item.title, "name": "a.txt", "type": "text/plain", "sha256": digest, "size": 10}
    assert told["evidence"] == [{**said, "attached": True}]
    assert (told["pack"], told["installation"], told["as_of"]) == (found.ref, "test", found.at.isoformat())
    assert told["drawn_by"]["weasyprint"]


def test_every_page_says_that_the_data_are_not_real(by):
    file_evidence(by)
    assert all("Test data" in one for one in pages(built(pack(by))))


def test_real_installation_has_no_mark(settings):
    settings.INSTALLATION_KIND = "real"
    assert building.mark() == ""
    settings.INSTALLATION_KIND = "demo"
    assert building.mark() == "Demonstration data"


def test_same_moment_gives_the_same_bytes(by, tmp_path):
    file_evidence(by)
    result_evidence(by)
    found = pack(by)
    first = built(found)
    Chapter.objects.all().delete()
    folder = tmp_path / "again"
    folder.mkdir()
    again = building.build(EvidencePack.objects.get(pk=found.pk), folder, lambda done, total, note: None)
    assert again.path.read_bytes() == first


def test_what_changed_after_its_moment_is_not_in_it(by):
    item = file_evidence(by, title="As it stood")
    found = pack(by, at=clock.now())
    services.change_evidence(item, by=by, data={"title": f"Later {CANARY}"}, version=None)
    file_evidence(by, title=f"Later still {CANARY}")
    words = "".join(pages(built(found)))
    assert "As it stood" in words
    assert CANARY not in words


def test_unchanged_chapters_are_not_drawn_again(by, monkeypatch):
    items = [file_evidence(by, title=f"Item {number}") for number in range(3)]
    built(pack(by))
    drawn = []
    draw = pdf.draw
    monkeypatch.setattr(pdf, "draw", lambda html, css: drawn.append(html) or draw(html, css))
    built(pack(by))
    assert len(drawn) == 2  # cover and contents
    services.change_evidence(items[0], by=by, data={"method": "another"}, version=None)
    drawn.clear()
    built(pack(by))
    assert len(drawn) == 3


def test_lost_chapter_is_drawn_again(by):
    file_evidence(by)
    built(pack(by))
    for chapter in Chapter.objects.all():
        storage.remove(chapter.blob_id)
    built(pack(by))


def test_foreign_and_restricted_records_leave_no_trace(by):
    """A canary in everything that the asker may not see: other units, restricted records, links to them."""
    here, there = unit("Here"), unit("There")
    who = person(Role.SYSTEM_OWNER, here)  # no clearance
    mine = file_evidence(by, here, title="Mine to see")
    foreign = file_evidence(
        by, there, title=f"Foreign {CANARY}", proves=CANARY, name=f"{CANARY}.txt", content=b"foreign"
    )
    file_evidence(by, here, title=f"Restricted {CANARY}", confidentiality="restricted", content=b"restricted")
    services.link_evidence(mine, by=by, record=Record.objects.get(pk=foreign.pk), proves=CANARY)
    services.supersede_evidence(link_evidence(by, there, title=CANARY), by=by, successor=mine, version=None)
    data = built(pack(who, here))
    assert "Mine to see" in "".join(pages(data))
    assert CANARY not in "".join(pages(data))
    assert CANARY not in json.dumps(manifest(data))
    assert [one["ref"] for one in manifest(data)["evidence"]] == [mine.ref]
    assert CANARY.encode() not in data


def test_cleared_asker_gets_restricted_records_but_never_cases(by):
    here = unit()
    file_evidence(by, here, title="For the cleared", confidentiality="restricted")
    assert "For the cleared" in "".join(pages(built(pack(person(Role.APPROVER, here), here))))


def test_scope_is_the_unit_and_all_below_it(by):
    above, here = unit("Above"), unit("Inside")
    below = unit("Below", parent=here)
    for where in (above, here, below):
        file_evidence(by, where, title=f"Of {where.name}")
    words = "".join(pages(built(pack(by, here))))
    assert "Of Inside" in words
    assert "Of Below" in words
    assert "Of Above" not in words
    assert "Inside and all below it" in words


def test_freshness_is_that_of_the_moment_in_the_zone_of_the_asker(by):
    by.time_zone = "Pacific/Auckland"
    by.save()
    file_evidence(by, title="Ends on the 4th", expires_on=date(2026, 5, 4))
    at = datetime(2026, 5, 4, 20, tzinfo=UTC)  # the 5th in Auckland
    item = file_evidence(by, title="Never ends")
    at = max(at, item.created_at + timedelta(seconds=1))
    words = "".join(pages(built(pack(by, at=at))))
    assert "Ran out" in words
    assert f"{at.astimezone(ZoneInfo('Pacific/Auckland')):%Y-%m-%d %H:%M}" in words


def test_language_is_that_of_the_asker(by):
    by.language = "de"
    by.save()
    found = pack(by)
    built(found)
    assert found.language == "de"


def test_empty_scope_says_so(by):
    assert "There is no evidence in this scope" in " ".join("".join(pages(built(pack(by)))).split())


def test_queries_do_not_grow_with_the_evidence(by, queries):
    def count(rows: int) -> int:
        for _row in range(rows):
            item = file_evidence(by)
            services.link_evidence(file_evidence(by), by=by, record=Record.objects.get(pk=item.pk))
        found = pack(by)
        found.fix_scope()
        section = next(one for one in building.registry.sections if one.id == "evidence")
        return queries(lambda: list(section.collect(found)))

    assert count(1) == count(2)


def test_pack_of_one_system_holds_its_chapter_and_its_evidence_alone(by):
    mine, other = system(by.unit, title="Scored orders"), system(by.unit, title="Routed mail")
    for one in (mine, other):
        file_evidence(by, title=f"Shows {one.title}", links=[(Record.objects.get(pk=one.pk), "")])
    found = pack(by, systems=[Record.objects.get(pk=mine.pk)])
    data = built(found)
    words = " ".join("".join(pages(data)).split())
    assert "Scored orders" in words
    assert "Routed mail" not in words
    assert manifest(data)["scope"]["systems"] == [mine.ref]
    assert f"{by.unit.name}: {mine.ref}" in words
