"""Samples: the same rows anywhere, shares by largest remainder, and what changed since."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from aims.errors import NotPermitted, WrongState
from aims.trail import recording
from audits import populations, sections, services
from audits.drawing import digest_of, draw, shares
from audits.models import Sample, SampleRow
from organization.states import Role
from tests.factories import audits as make
from tests.factories import evidence, person, root_unit
from tests.factories import risk as risks

SCRIPT = Path(populations.__file__).parent / "data" / "redraw.py"
REFS = st.integers(1, 9999).map(lambda number: f"SYS-{number:04}")
POPULATION = st.dictionaries(REFS, st.sampled_from(["a", "b", "c", "ä d"]), min_size=1, max_size=60)


@given(population=POPULATION, seed=st.text(max_size=20), data=st.data())
def test_the_order_of_the_population_does_not_matter(population, seed, data):
    rows = list(population.items())
    size = data.draw(st.integers(1, len(rows)))
    drawn = draw(rows, seed, size)
    assert drawn == draw(data.draw(st.permutations(rows)), seed, size)
    assert len(drawn) == len(set(drawn)) == size
    assert set(drawn) <= set(rows)


@given(counts=st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 500), min_size=1), data=st.data())
def test_shares_are_fair_to_one_row(counts, data):
    total = sum(counts.values())
    size = data.draw(st.integers(1, total))
    found = shares(counts, size)
    assert sum(found.values()) == size
    assert all(abs(found[name] - size * count / total) < 1 and found[name] <= count for name, count in counts.items())


def test_another_seed_draws_otherwise():
    rows = [(f"SYS-{number:04}", "") for number in range(300)]
    assert draw(rows, "one", 8) != draw(rows, "two", 8)
    assert digest_of(rows) == digest_of(reversed(rows))


@pytest.mark.parametrize("seed", ["nordvalid", "ß € 7"])
def test_the_script_draws_the_same_rows(tmp_path, seed):
    rows = [(f"SYS-{number:04}", "ab"[number % 3 == 0]) for number in range(300)]
    file = tmp_path / "population.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows([["reference", "stratum"], *rows])
    done = subprocess.run([sys.executable, "-I", SCRIPT, file, seed, "8"], capture_output=True, text=True, check=True)
    head, *lines = done.stdout.splitlines()
    assert head == f"population\t300\t{digest_of(rows)}"
    assert [tuple(line.split("\t")) for line in lines] == draw(rows, seed, 8)


def test_the_script_is_about_twenty_lines():
    lines = [
        line for line in SCRIPT.read_text().splitlines() if line and not line.startswith(('"""', "import", "from"))
    ]
    assert len(lines) <= 20


def sample(audit, by, **more):
    values = {"title": "Systems", "record_kind": "system", "size": 2, **more}
    return services.draw_sample(audit, by=by, at=risks.now(), **values)


@pytest.mark.django_db
def test_a_draw_keeps_what_it_was_drawn_from():
    systems = [make.system() for _number in range(5)]
    audit, lead = make.running()
    made = sample(audit, lead, seed="s", stratum_by="stage", query="?q=fraud")
    assert (made.population_count, made.seed, made.query) == (5, "s", "q=fraud")
    assert {row[0] for row in made.population} == {one.ref for one in systems}
    assert [row.position for row in made.rows.all()] == [1, 2]
    assert not populations.difference(made, lead)


@pytest.mark.django_db
def test_a_changed_population_is_told_with_the_difference():
    gone, moved = make.system(), make.system()
    audit, lead = make.running()
    made = sample(audit, lead, stratum_by="stage", size=1)
    with recording(None, "test"):
        type(moved).objects.filter(pk=moved.pk).update(state="design_development")
        type(gone).objects.filter(pk=gone.pk).update(confidentiality="case")
    new = make.system()
    found = populations.difference(made, lead)
    assert (found.added, found.removed, found.moved) == ([new.ref], [gone.ref], [moved.ref])
    assert found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("record_kind", {"record_kind": "nothing"}),
        ("stratum_by", {"stratum_by": "colour"}),
        ("query", {"query": "colour=red"}),
        ("query", {"query": "q=nowhere"}),
        ("size", {"size": 3}),
        ("size", {"size": 0}),
        ("title", {"title": " "}),
    ],
)
def test_a_wrong_draw_is_refused_beside_its_field(field, more):
    make.system()
    audit, lead = make.running()
    with pytest.raises(ValidationError) as refused:
        sample(audit, lead, **more)
    assert field in refused.value.error_dict


@pytest.mark.django_db
def test_verdicts_are_given_while_the_audit_runs():
    make.system(), make.system()
    audit, lead = make.running()
    row = sample(audit, lead).rows.first()
    judged = services.judge_row(row, by=lead, at=risks.now(), verdict="conform", note="Fine")
    assert (judged.verdict, judged.judged_by) == ("conform", lead)
    assert services.judge_row(row, by=lead, at=risks.now(), verdict="open").judged_by is None
    with pytest.raises(NotPermitted):
        services.judge_row(row, by=person(Role.INTERNAL_AUDITOR), at=risks.now(), verdict="conform")
    services.cancel_audit(make.fresh(audit), by=make.manager(), reason="Over", on=make.today())
    with pytest.raises(WrongState):
        services.judge_row(row, by=lead, at=risks.now(), verdict="conform")


@pytest.mark.django_db
def test_the_database_keeps_a_draw():
    make.system(), make.system()
    audit, lead = make.running()
    made = sample(audit, lead)
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), recording(None, "test"):
        Sample.objects.filter(pk=made.pk).update(seed="other")
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        SampleRow.objects.filter(sample=made).update(drawn_version=9)


@pytest.mark.django_db
def test_a_pack_holds_all_that_draws_the_sample_again(tmp_path):
    audit, lead = make.running()
    for _number in range(5):
        make.system()
    made = sample(audit, lead, seed="s", stratum_by="stage")
    services.judge_row(made.rows.first(), by=lead, at=risks.now(), verdict="nonconform", note="No test")
    services.save_paper(
        audit.items.first(), by=lead, at=risks.now(), result="conform", notes="Seen", evidence_seen="Plan"
    )
    services.report_audit(
        make.fresh(audit), by=lead, on=make.today(), at=risks.now(), conclusions="It works.", left_out="No time."
    )
    pack = evidence.pack(make.manager(), root_unit())
    told = next(one for one in sections.audits(pack) if one.get("report"))
    ((summary, population),) = told["populations"]
    files = {"population.csv": population, "redraw.py": told["script"]}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", tmp_path / "redraw.py", tmp_path / "population.csv", summary["seed"], "2"]
    head, *lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert head.split("\t")[2] == summary["digest"]
    assert [line.split("\t")[0] for line in lines] == [row[0] for row in summary["rows"]]
    assert summary["rows"][0][3:] == ["Does not conform", "No test"]
    assert summary["verdicts"] == [("Not judged", 1), ("Does not conform", 1)]
    page = render_to_string("audits/pack_audits.html", {"chapter": told})
    assert population.split()[1] in page and "No test" in page


@pytest.mark.django_db
def test_a_population_that_its_reader_sees_in_part_is_not_printed():
    audit, lead = make.running()
    row, _other = make.system(), make.system()
    made = sample(audit, lead)
    assert populations.whole_for(made, make.manager())
    with recording(None, "test"):
        type(row).objects.filter(pk=row.pk).update(confidentiality="case")
    assert not populations.whole_for(made, make.manager())


@pytest.mark.django_db
def test_a_sample_belongs_to_a_working_paper(client_of, api_of):
    make.system(), make.system()
    audit, lead = make.running()
    item, client, url = audit.items.first(), client_of(lead), audit.get_absolute_url()
    assert f"{url}draw/?item={item.pk}" in client.get(f"{url}papers/").content.decode()
    form = client.get(f"{url}draw/?item={item.pk}").context["form"]
    assert form["item"].value() == str(item.pk)
    sent = {"title": "Two systems", "record_kind": "system", "size": "2", "item": str(item.pk)}
    assert client.post(f"{url}draw/", sent).status_code == 302
    made = audit.samples.get()
    assert made.item == item
    assert (
        f'<a href="{made.get_absolute_url()}">Two systems (2 / 2)</a>' in client.get(f"{url}papers/").content.decode()
    )
    other, _lead = make.running()
    wrong = {**sent, "item": str(other.items.first().pk)}
    assert client.post(f"{url}draw/", wrong).status_code == 400
    answer = api_of(lead).post(f"/api/v1{url}samples/", {**sent, "title": "By API"})
    assert answer.status_code == 201 and audit.samples.get(title="By API").item == item


@pytest.mark.django_db
def test_a_body_that_keeps_its_own_papers_is_not_asked_for_one(client_of):
    engagement = make.engagement()
    who = make.member(engagement)
    audit = engagement.audit
    make.assign(audit, make.auditor())
    services.start_audit(make.fresh(audit), by=make.manager(), on=make.today())
    form = client_of(who).get(f"{audit.get_absolute_url()}draw/").context["form"]
    assert form["item"].is_hidden


@pytest.mark.django_db
def test_samples_tell_how_far_they_are_judged(client_of):
    make.system(), make.system()
    audit, lead = make.running()
    made = sample(audit, lead)
    page = client_of(lead).get(f"{audit.get_absolute_url()}samples/").content.decode()
    assert "0 of 2" in page and "do not conform" not in page
    services.judge_row(made.rows.first(), by=lead, at=risks.now(), verdict="nonconform")
    page = client_of(lead).get(f"{audit.get_absolute_url()}samples/").content.decode()
    assert "1 of 2" in page and "1 do not conform" in page
