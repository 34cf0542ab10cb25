"""What only a browser can show of audits: notes locked before they leave it, papers kept without a network."""

import pytest
from django.db import connection

from aims import clock
from audits import services
from audits.models import ChecklistItem, PrivateNote
from tests.factories import audits as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("worker")]

SECRET, PASSPHRASE = "Ask Petra about Tuesday", "seven lamps at noon"


def without(window, *noise):
    """Leave out the complaints that the test brings about on purpose."""
    window.complaints[:] = [one for one in window.complaints if not any(words in one for words in noise)]


def everything_kept(words):
    """Tables of which any row holds the words, in whatever column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for schema, table in cursor.fetchall():
            cursor.execute(f'SELECT 1 FROM "{schema}"."{table}" t WHERE t::text ILIKE %s LIMIT 1', [f"%{words}%"])
            found += [table] if cursor.fetchone() else []
    return found


def test_private_notes_are_locked_before_they_leave_the_browser(committed_db, window):
    engagement = make.engagement()
    who = make.member(engagement)
    window.sign_in(who)
    page, sent = window.page, []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    room = f"{engagement.get_absolute_url()}room/"

    window.go(room)
    assert page.locator("#note-text").is_disabled()
    page.fill("#note-pass", "short")
    page.get_by_role("button", name="Open").click()
    assert "at least 10" in page.locator("[data-note-state]").inner_text()
    page.fill("#note-pass", PASSPHRASE)
    page.get_by_role("button", name="Open").click()
    page.fill("#note-text", SECRET)
    page.get_by_role("button", name="Lock and save").click()
    page.get_by_text("Saved, locked").wait_for()

    posted = [one for one in sent if "/note/" in one]
    assert len(posted) == 1 and "aims-note-1." in posted[0]
    for words in (
        SECRET,
        SECRET.replace(" ", "+"),
        SECRET.replace(" ", "%20"),
        PASSPHRASE,
        PASSPHRASE.replace(" ", "+"),
    ):
        assert not [one for one in sent if words in one], "neither text nor passphrase leaves the browser"
    assert everything_kept(SECRET) == [] and everything_kept(PASSPHRASE) == []
    assert PrivateNote.objects.get().box.startswith("aims-note-1.")
    assert SECRET not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")

    window.go(room)
    page.fill("#note-pass", "another passphrase")
    page.get_by_role("button", name="Open").click()
    page.get_by_text("does not open the note").wait_for()
    assert page.locator("#note-text").is_disabled() and SECRET not in page.content()
    page.fill("#note-pass", PASSPHRASE)
    page.get_by_role("button", name="Open").click()
    page.locator("#note-text:enabled").wait_for()
    assert page.input_value("#note-text") == SECRET


OFFLINE = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def papers(committed_db, window):
    """A running audit's papers, opened by its lead: (first item, how it is typed into, the words beside it)."""
    audit, lead = make.running()
    window.sign_in(lead)
    return audit, audit.items.order_by("position").first(), f"{audit.get_absolute_url()}papers/"


def state_of(page, item):
    return page.locator(f"#paper-{item.pk} .paper-state")


def kept(item):
    return ChecklistItem.objects.get(pk=item.pk)


def test_papers_are_kept_while_the_network_is_away(papers, window):
    _audit, item, url = papers
    page = window.page
    window.go(url)
    page.fill(f"#notes-{item.pk}", "Two of eight.")
    page.locator(f"#paper-{item.pk} [data-state=saved]").wait_for()
    assert kept(item).notes == "Two of eight."

    page.context.set_offline(True)
    page.fill(f"#notes-{item.pk}", "Three of eight.")
    page.locator(f"#paper-{item.pk} [data-state=failed]").wait_for()
    assert "kept in this browser" in state_of(page, item).inner_text()
    assert kept(item).notes == "Two of eight."
    page.context.set_offline(False)
    page.locator(f"#paper-{item.pk} [data-state=saved]").wait_for()
    assert kept(item).notes == "Three of eight."
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('aims-paper')).length") == 0
    without(window, OFFLINE)


def test_nothing_typed_is_lost_when_the_page_goes_and_a_colleague_writes(papers, window):
    audit, item, url = papers
    page = window.page
    window.go(url)
    page.context.set_offline(True)
    page.fill(f"#notes-{item.pk}", "Mine, typed in the train.")
    page.fill(f"#seen-{item.pk}", "Four certificates")
    page.locator(f"#paper-{item.pk} [data-state=failed]").wait_for()
    page.goto("about:blank")
    page.context.set_offline(False)
    colleague = make.auditor()
    make.assign(make.fresh(audit), colleague, "auditor")
    services.save_paper(item, by=colleague, at=clock.now(), result="conform", notes="Theirs.", evidence_seen="Plan")

    window.go(url)
    page.get_by_text("Somebody else of the team saved this item").wait_for()
    assert kept(item).notes == "Theirs.", "nothing of theirs is overwritten unseen"
    assert page.input_value(f"#notes-{item.pk}") == "Theirs.\n\nMine, typed in the train."
    page.select_option(f"#result-{item.pk}", "nonconform")
    page.locator(f"#paper-{item.pk} [data-state=saved]").wait_for()
    saved = kept(item)
    assert (saved.result, saved.evidence_seen.split()) == ("nonconform", ["Plan", "Four", "certificates"])
    assert "Theirs." in saved.notes and "Mine, typed in the train." in saved.notes
    without(window, OFFLINE, "412")
