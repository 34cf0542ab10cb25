"""docs/clauses.md names every clause and control, and is what the code would write now."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from controls import clause_map
from tests.data.test_catalogue import CLAUSES, CONTROLS


def line_of(number):
    (found,) = [line for line in clause_map.page().splitlines() if line.startswith(f"| {number} |")]
    return found


def test_names_every_clause_and_control_once():
    for number, title in {**CLAUSES, **CONTROLS}.items():
        assert title in line_of(number)


def test_says_what_answers_a_clause_and_a_control():
    for words in (
        "`/clauses/6.1.3/`",
        "`/statements/`",
        "controls.ControlStatement",
        "`/api/v1/statements/`",
        "`tests/controls/`",
    ):
        assert words in line_of("6.1.3")
    assert "inventory.AISystem" in line_of("A.4.2")
    assert "controls.ControlStatement" in line_of("A.4.2")


def test_names_no_kind_that_is_not_the_products():
    assert "sample" not in clause_map.page().lower()


def test_the_page_in_the_docs_is_fresh():
    """`manage.py clause_map` writes it."""
    written = (Path(settings.BASE_DIR) / "docs" / "clauses.md").read_text(encoding="utf-8")
    assert written == clause_map.page()


def test_the_command_writes_it(settings, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "controls").symlink_to(Path(settings.BASE_DIR) / "controls")
    settings.BASE_DIR = tmp_path
    call_command("clause_map", verbosity=0)
    assert (tmp_path / "docs" / "clauses.md").read_text(encoding="utf-8") == clause_map.page()
