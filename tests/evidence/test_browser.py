"""Evidence and packs in Chromium: drop a file, nothing uploaded ever runs, a pack's progress moves to its download."""

from pathlib import Path

import pytest

from evidence.models import EvidenceItem, EvidencePack
from tests.factories.evidence import file_evidence, keeper

pytestmark = pytest.mark.browser
POLYGLOTS = {
    "page.html": b"<!doctype html><title>x</title><script>window.ran = 1; fetch('/beacon')</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>window.ran = 1; fetch('/beacon')</script></svg>",
    "data.xml": b"<x xmlns:h='http://www.w3.org/1999/xhtml'><h:script>window.ran = 1; fetch('/beacon')</h:script></x>",
    "report.pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
}


@pytest.fixture
def by(committed_db):
    return keeper()


def test_file_is_dropped_and_added(window, by):
    window.sign_in(by)
    window.go("/evidence/create/")
    page = window.page
    page.set_input_files("input[type=file]", {"name": "minutes.txt", "mimeType": "text/plain", "buffer": b"we decided"})
    assert "minutes.txt" in page.inner_text("[data-drop-said]")
    page.fill("[name=title]", "Minutes")
    page.fill("[name=proves]", "It was decided")
    page.click("[data-submit]")
    page.wait_for_url("**/evidence/EVD-*/")
    assert EvidenceItem.objects.get().file_name == "minutes.txt"
    assert window.complaints == []


PASTE = """([words, picture]) => {
  const given = new DataTransfer();
  if (words) given.setData("text/plain", words);
  if (picture) given.items.add(new File([new Uint8Array([137, 80, 78, 71])], picture, { type: "image/png" }));
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""


def test_pasted_words_become_a_file_and_a_pasted_picture_is_taken(window, by):
    window.sign_in(by)
    window.go("/evidence/create/")
    page = window.page
    page.focus("[name=title]")
    page.evaluate(PASTE, ["Not for the file", ""])
    assert "pasted.txt" not in page.inner_text("[data-drop-said]")
    page.evaluate("document.activeElement.blur()")
    page.evaluate(PASTE, ["", "screen.png"])
    assert "screen.png" in page.inner_text("[data-drop-said]")
    page.evaluate(PASTE, ["The committee decided to stop the release.", ""])
    assert "pasted.txt" in page.inner_text("[data-drop-said]")
    page.fill("[name=title]", "Decision")
    page.fill("[name=proves]", "It was stopped")
    page.click("[data-submit]")
    page.wait_for_url("**/evidence/EVD-*/")
    item = EvidenceItem.objects.get()
    assert (item.file_name, item.blob.size) == ("pasted.txt", 42)
    assert window.complaints == []


def test_file_that_is_too_large_is_said_before_it_is_sent(window, by, settings):
    settings.UPLOAD_MOST = 1_000
    window.sign_in(by)
    window.go("/evidence/create/")
    page, sent = window.page, []
    page.on("request", lambda request: sent.append(request.method))
    page.set_input_files("input[type=file]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 1_001})
    assert "larger than" in page.inner_text("[data-drop-said]")
    page.click("[data-submit]")
    assert "POST" not in sent


def test_nothing_that_was_uploaded_runs(window, by):
    """Opened as a person would: by its address, and by force in a frame of a page of ours."""
    window.sign_in(by)
    window.go("/evidence/")
    page, asked, dialogs = window.page, [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    items = [file_evidence(by, name=name, content=content) for name, content in POLYGLOTS.items()]
    for item in items:
        for query in ("", "?shown"):
            with page.expect_download() as download:
                page.evaluate("address => { window.location = address }", f"{item.get_absolute_url()}download/{query}")
            assert download.value.suggested_filename == item.file_name
    assert dialogs == []
    assert page.evaluate("window.ran") is None
    assert not [url for url in asked if "beacon" in url]


def test_pack_is_built_while_one_watches(window, by, worker):
    file_evidence(by)
    window.sign_in(by)
    window.go("/packs/create/")
    page = window.page
    page.click("[data-submit]")
    page.wait_for_url("**/packs/PCK-*/")
    page.wait_for_selector("text=Download the PDF", timeout=90_000)
    assert page.inner_text(".head-line .badge") == "Ready"
    with page.expect_download() as download:
        page.click("text=Download the PDF")
    found = EvidencePack.objects.get()
    assert download.value.suggested_filename == found.file_name
    assert found.blob.size == Path(download.value.path()).stat().st_size
    assert window.complaints == []
