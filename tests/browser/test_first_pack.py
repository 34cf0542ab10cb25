"""The first ten minutes in a browser: sign in by the form, find, change, read the history, build, follow, download."""

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.journeys.stage import NEW_PURPOSE, PASSWORD, set_stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("worker")]


def test_officer_makes_the_first_pack(committed_db, worker, window, tmp_path: Path):
    stage = set_stage()
    page = window.page
    page.set_default_timeout(15_000)

    window.go("/")
    page.fill("[name=login]", stage.officer.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("form").filter(has=page.locator("[name=password]")).get_by_role("button").first.click()
    page.wait_for_url(window.site + "/")

    page.goto(f"{window.site}/systems/?q=fraud")
    page.get_by_role("link", name=re.compile("Fraud detection")).first.click()
    assert page.url.endswith(stage.fraud.get_absolute_url())

    page.goto(f"{window.site}{stage.fraud.get_absolute_url()}change/")
    page.get_by_label("Purpose", exact=True).fill(NEW_PURPOSE)
    page.get_by_role("main").get_by_role("button", name=re.compile("^save", re.IGNORECASE)).first.click()
    page.wait_for_url(re.compile(stage.fraud.get_absolute_url() + "$"))

    page.get_by_role("main").get_by_role("link", name=re.compile("^History")).first.click()
    page.get_by_text("Clara Officer").first.wait_for()
    assert "changed purpose" in page.get_by_role("main").inner_text().lower()

    page.goto(f"{window.site}/packs/create/")
    page.get_by_role("main").get_by_role("button", name="Build the pack").click()
    page.wait_for_url(re.compile(r"/packs/PCK-\d+/"))
    download = page.get_by_role("link", name="Download the PDF").first
    download.wait_for(timeout=90_000)
    with page.expect_download() as found:
        download.click()
    target = tmp_path / "pack.pdf"
    found.value.save_as(target)
    said = " ".join(" ".join((one.extract_text() or "").split()) for one in PdfReader(target).pages)
    assert "Score each order for fraud before it is paid" in said
