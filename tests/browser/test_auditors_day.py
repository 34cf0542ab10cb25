"""The day of an auditor from outside in a browser (9.2, AC-20): let in, at work in the room, refused elsewhere, locked out."""

import csv
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from aims import clock
from aims.models import Record
from aims.trail import recording
from audits import services
from audits.models import AuditRequest, PrivateNote, Sample
from inventory.models import AISystem
from tests.browser.test_audits import PASSPHRASE, SECRET, everything_kept, without
from tests.factories import audits as make
from tests.factories import root_unit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("worker")]
REFUSED, MENDED = "status of 403", "status of 400"
WRONG = "number,wanted,clause,about,due_on\nA1,Risk criteria,6.1.2,,\nA2,Validation,8.1,SYS-99999999,\n"


@pytest.fixture
def stage(committed_db):
    """Three hundred systems, and a stage 2 audit that runs with an engagement of two weeks: (engagement, member, keeper)."""
    keeper = make.manager()
    with recording(None, "test"):
        AISystem.objects.bulk_create(
            AISystem(unit=root_unit(), owner=keeper, title=f"Lamp {number:03}", purpose="One of many.")
            for number in range(300)
        )
    audit = make.audit(sort="stage_2")
    engagement = make.engagement(audit)
    make.assign(audit, make.auditor())
    services.start_audit(make.fresh(audit), by=keeper, on=make.today())
    return engagement, make.member(engagement), keeper


def sign_in(window, who):
    page = window.page
    window.go("/")
    page.fill("[name=login]", who.email)
    page.fill("[name=password]", "correct horse battery")
    page.locator("form").filter(has=page.locator("[name=password]")).get_by_role("button").first.click()
    page.wait_for_url(window.site + "/")


def saved(page, link, to):
    with page.expect_download() as found:
        link.click()
    found.value.save_as(to)
    return to


def hand_in(page, file):
    page.get_by_label("Request list").set_input_files(str(file))
    page.get_by_role("button", name="Import").click()


def test_an_auditor_from_outside_does_a_days_work_and_is_locked_out(stage, window, tmp_path, monkeypatch):
    engagement, who, keeper = stage
    page, main = window.page, window.page.get_by_role("main")
    page.set_default_timeout(15_000)
    # The first thing on the home page is the way into the room.
    sign_in(window, who)
    main.get_by_role("region", name="My engagements").get_by_role("link").click()
    page.wait_for_url(re.compile(f"{engagement.get_absolute_url()}room/$"))

    bring_a_list(page, main, tmp_path / "requests.csv")
    shown = draw_eight_of_three_hundred(page, main, tmp_path)
    follow_a_thread_and_judge(window, main, shown[0])
    keep_a_private_note(window, main, engagement)
    be_told_what_changed(window, main, engagement, keeper, shown[1], tmp_path / "list.csv")
    be_refused_elsewhere(window, engagement, shown[0])

    # The day after the last one the door is shut; then our side is shown what was opened and taken away.
    sample = Sample.objects.get().get_absolute_url()
    monkeypatch.setattr(clock, "now", lambda: timezone.now() + timedelta(days=15))
    for path in (room_of(engagement), "/", sample, f"{engagement.get_absolute_url()}requests.csv"):
        assert window.go(path).status == 403
        assert "Your access ended on" in page.locator("body").inner_text()
    without(window, REFUSED, MENDED)
    page.context.clear_cookies()
    window.sign_in(keeper)
    window.go(f"{engagement.get_absolute_url()}readings/")
    assert room_of(engagement) in main.inner_text() and "population.csv" in main.inner_text()


def room_of(engagement):
    return f"{engagement.get_absolute_url()}room/"


def bring_a_list(page, main, file):
    """A request list with a reference that nobody here knows comes in mended, not in part."""
    file.write_text(WRONG)
    main.get_by_role("link", name="Import a list").click()
    hand_in(page, file)
    page.locator("#field-file .error").get_by_text("Row 3: there is no record SYS-99999999.").wait_for()
    assert not AuditRequest.objects.exists()
    file.write_text(WRONG.replace("SYS-99999999", ""))
    hand_in(page, file)
    page.wait_for_url(re.compile("room/$"))
    assert main.get_by_text("Risk criteria").count() == 1


def draw_eight_of_three_hundred(page, main, folder):
    """By the auditor's own seed; the script draws the same rows on the auditor's machine. Answers the references."""
    main.get_by_role("link", name="Draw a sample").click()
    page.get_by_label("What is sampled").fill("Systems in use")
    page.get_by_label("How many").fill("8")
    page.get_by_label("Seed").fill("Nordvalid 8")
    page.get_by_role("button", name="Draw the sample").click()
    page.get_by_text("the same rows").wait_for()
    population = saved(page, main.get_by_role("link", name="Population (CSV)"), folder / "population.csv")
    script = saved(page, main.get_by_role("link", name="Script"), folder / "redraw.py")
    command = [sys.executable, str(script), str(population), "Nordvalid 8", "8"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert printed[0].split("\t") == ["population", "300", Sample.objects.get().population_digest]
    shown = main.locator("tbody th .ref").all_inner_texts()
    assert len(shown) == 8 and [line.split("\t")[0] for line in printed[1:]] == shown
    return shown


def follow_a_thread_and_judge(window, main, ref):
    """From the sampled row to everything behind it, and back to the verdict on the row."""
    page = window.page
    main.locator("tbody th a").first.click()
    main.get_by_role("link", name=re.compile("^Thread")).first.click()
    page.wait_for_url(re.compile(f"/systems/{ref}/thread/$"))
    assert "One of many." in main.inner_text()
    window.go(Sample.objects.get().get_absolute_url())
    main.get_by_role("link", name=f"Judge {ref}").click()
    page.get_by_label("Verdict").select_option("conform")
    page.get_by_role("button", name="Record the verdict").click()
    main.locator("tbody tr").first.get_by_text("Conform").wait_for()


def keep_a_private_note(window, main, engagement):
    """It leaves the browser locked; nowhere in the database is a word of it."""
    page = window.page
    window.go(room_of(engagement))
    page.fill("#note-pass", PASSPHRASE)
    main.get_by_role("button", name="Open", exact=True).click()
    page.fill("#note-text", SECRET)
    main.get_by_role("button", name="Lock and save").click()
    page.get_by_text("Saved, locked").wait_for()
    assert PrivateNote.objects.get().box.startswith("aims-note-1.")
    assert everything_kept(SECRET) == [] and everything_kept(PASSPHRASE) == []


def be_told_what_changed(window, main, engagement, keeper, ref, file):
    """Our side answers with a record; what changes afterwards is told with the difference, and in the list taken away."""
    system = AISystem.objects.get(ref=ref)
    asked = AuditRequest.objects.get(number="A2")
    services.offer(asked, by=keeper, record=Record.objects.get(pk=system.pk), on=make.today())
    with recording(keeper, "test"):
        AISystem.objects.filter(pk=system.pk).update(purpose="Another purpose, after it was offered.")
    window.go(room_of(engagement))
    main.get_by_role("row", name=re.compile("^A2")).get_by_text("1 changed").wait_for()
    main.get_by_role("link", name="A2").click()
    main.get_by_text("Changed since you asked").click()
    main.get_by_text("Another purpose, after it was offered.").first.wait_for()
    window.go(room_of(engagement))
    listed = saved(window.page, main.get_by_role("link", name="Export CSV"), file)
    rows = list(csv.DictReader(listed.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["number"], row["state"], row["changed"]) for row in rows] == [
        ("A1", "asked", ""), ("A2", "offered", ref),
    ]  # fmt: skip


def be_refused_elsewhere(window, engagement, ref):
    """Outside the room nothing is written, neither by the page nor behind its back."""
    page, change = window.page, f"/systems/{ref}/change/"
    assert window.go(change).status == 403
    window.go(room_of(engagement))
    for path in (change, f"{engagement.get_absolute_url()}change/", "/nonconformities/new/"):
        send = "path => fetch(path, {method: 'POST', body: new FormData(document.querySelector('main form'))})"
        assert page.evaluate(f"{send}.then((answer) => answer.status)", path) == 403, path
    assert AISystem.objects.get(ref=ref).purpose == "One of many."
