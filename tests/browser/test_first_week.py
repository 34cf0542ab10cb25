"""The first week in a browser: an empty installation and a messy sheet of 300 systems become a clean register.

Set up by the link, hand the sheet in, say what its columns and words mean, import, take it back, repeat.
"""

import re

import pytest

from inventory.models import AISystem
from organization.services.setup import setup_url
from tests.imports import messy
from tests.journeys.week import assert_clean

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("worker")]
PASSWORD = "lamps at noon in the market"


def set_up(window):
    page = window.page
    window.go("/" + setup_url().split("/", 3)[3])
    page.get_by_label("Organization", exact=True).fill("Lampenhaus")
    page.get_by_label("Legal entities").fill("Lampenhaus GmbH, DE\nLampenhaus France, FR")
    page.get_by_label("Your name").fill("Olga Officer")
    page.get_by_label("Your e-mail").fill("olga@lampenhaus.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url(re.compile("/first-steps/$"))


def hand_in(window, file):
    """From the first steps to the columns that were found."""
    page = window.page
    window.go("/first-steps/")
    page.get_by_role("main").locator("a[href='/imports/create/']").click()
    page.get_by_label("AI systems").check()
    page.get_by_label("File").set_input_files(str(file))
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("link", name="Confirm the columns").click()


def choose(page, label, option):
    page.get_by_label(label, exact=True).select_option(label=option)


def test_messy_sheet_becomes_a_register_in_an_empty_installation(committed_db, worker, window, tmp_path):
    page, main = window.page, window.page.get_by_role("main")
    page.set_default_timeout(300_000)
    file = tmp_path / "KI-Verzeichnis.xlsx"
    file.write_bytes(messy.workbook(messy.first_week()).read())
    set_up(window)

    hand_in(window, file)
    assert page.get_by_label("Row of the headings").input_value() == "2"
    choose(page, "Kosten", "A new field of our own")
    page.get_by_label("Keep this way of reading as").fill("Our old sheet")
    page.get_by_role("button", name="Check every cell").click()

    # Dry run: every odd word is named, nothing is made.
    page.get_by_text("“TBD” is not one of").first.wait_for()
    assert not AISystem.objects.exists()
    page.get_by_role("link", name="Columns and meanings").click()
    assert page.get_by_label("Keep this way of reading as").input_value() == "Our old sheet"
    asked = page.get_by_role("region", name="What these words mean").last.locator("tbody th").all_inner_texts()
    assert sorted(asked) == sorted(word or "(empty cells)" for word in messy.WEEK_MEANS)
    for word, means in messy.WEEK_MEANS.items():
        choose(page, word or "(empty cells)", means)
    page.get_by_role("button", name="Check every cell").click()

    # Clean: six lines are named like an earlier one and stay out; the rest is imported.
    button = page.get_by_role("button", name="Import 294 lines")
    button.wait_for()
    assert page.get_by_label("Leave the wrong lines out").count() == 0
    button.click()
    page.get_by_role("link", name="Take back").wait_for()
    assert_clean()
    window.go("/systems/")
    assert "294" in main.inner_text()

    window.go("/imports/")
    main.get_by_role("link", name=re.compile("KI-Verzeichnis")).first.click()
    page.get_by_role("link", name="Take back").click()
    page.get_by_label("Reason").fill("The sheet of last year.")
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back").first.wait_for()
    page.get_by_role("progressbar").wait_for(state="detached")
    assert not AISystem.objects.exists()

    # Once more: what was said of the columns and words was kept, so there is nothing to say.
    hand_in(window, file)
    page.get_by_role("button", name="Check every cell").click()
    page.get_by_role("button", name="Import 294 lines").click()
    page.get_by_role("link", name="Take back").wait_for()
    assert_clean()
