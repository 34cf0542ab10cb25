"""Files that are broken, hostile or merely odd: each gets a clear answer, none is followed, run or half imported."""

import io
import zipfile
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from aims.importing import services
from aims.importing.fields import Unclear, parsed_day, parsed_yes_no
from aims.importing.reading import MOST_COLUMNS, Unreadable, examine, read
from aims.models import Import, ImportLine
from aims.states import ImportState, LineState
from tests.factories import person, root_unit
from tests.imports import messy
from tests.imports.conftest import worked

HEAD = ["Name", "Purpose", "Owner", "Unit"]


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out


def refused(file, name):
    with pytest.raises(ValidationError) as error:
        examine(file, name)
    return error.value.message_dict["file"][0]


class TestRefusedAtOnce:
    def test_other_types(self):
        assert "XLSX or a CSV" in refused(io.BytesIO(b"x"), "register.ods")

    def test_nothing(self):
        assert "empty" in refused(io.BytesIO(), "register.csv")

    def test_too_large(self):
        big = io.BytesIO()
        big.seek(20_000_001)
        big.write(b"x")
        assert "at most 20 MB" in refused(big, "register.csv")

    def test_zip_bomb(self):
        assert "far larger" in refused(zipped(xl__workbook=b"0" * 300_000_000), "register.xlsx")

    def test_no_workbook(self):
        assert "no workbook" in refused(zipped(readme=b"hello"), "register.xlsx")
        assert "damaged" in refused(io.BytesIO(b"PK not really"), "register.xlsx")

    def test_macros(self):
        file = messy.workbook([HEAD])
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
        assert "macros" in refused(file, "register.xlsx")


class TestRead:
    def test_formulas_give_their_last_result_and_are_told(self):
        grid = read(messy.workbook([HEAD, ["=1+1", "x", "y", "z"]]), "register.xlsx")
        assert grid.rows[1] == ["", "x", "y", "z"]  # never calculated here, so there is no last result
        assert grid.remarks == ["1 cell holds a formula; its last result was read."]

    def test_links_to_other_files_are_told_and_not_followed(self, monkeypatch):
        opened = []
        monkeypatch.setattr("urllib.request.urlopen", opened.append)
        monkeypatch.setattr("socket.socket.connect", lambda self, address: opened.append(address))
        file = messy.workbook([HEAD, ["='[1]Sheet1'!A1", "x", "y", "z"]])
        link = "xl/externalLinks/externalLink1.xml"
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(
                link, b"<externalLink xmlns:r='http://schemas.example/r'><externalBook r:id='rId1'/></externalLink>"
            )
            archive.writestr(
                "xl/externalLinks/_rels/externalLink1.xml.rels",
                b"<Relationships><Relationship Id='rId1' Target='https://elsewhere.example/prices.xlsx'/></Relationships>",
            )
        grid = read(file, "register.xlsx")
        assert grid.rows[1][1:] == ["x", "y", "z"]
        assert "It points to other files; none of them was opened." in grid.remarks
        assert opened == []

    def test_merged_cells_count_for_all_they_span(self):
        lines = [HEAD, ["A", "one", "o", "Shop"], ["B", "two", "o", ""], ["C", "three", "o", ""]]
        grid = read(messy.workbook(lines, prepare=lambda sheet: sheet.merge_cells("D2:D4")), "register.xlsx")
        assert [row[3] for row in grid.rows[1:]] == ["Shop"] * 3
        assert "Merged cells" in grid.remarks[0]

    def test_two_rows_of_headings(self):
        lines = [["Register of systems", "", "", ""], HEAD, ["A", "one", "o", "Shop"]]
        grid = read(messy.workbook(lines, prepare=lambda sheet: sheet.merge_cells("A1:D1")), "register.xlsx")
        assert grid.header_row == 2

    def test_only_the_first_visible_sheet(self):
        def second(sheet):
            sheet.parent.create_sheet("Other").append(["x"])

        grid = read(messy.workbook([HEAD], prepare=second), "register.xlsx")
        assert "the others were left out" in grid.remarks[0]

    def test_sample_files_are_the_same_at_any_time(self, monkeypatch):
        first = messy.workbook([HEAD]).read()
        with monkeypatch.context() as later:
            later.setattr("zipfile.time.time", lambda: 2_000_000_000.0)
            assert messy.workbook([HEAD]).read() == first

    def test_damaged_inside(self):
        file = zipped(xl__workbook=b"<broken")
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("xl/workbook.xml", b"<broken")
        with pytest.raises(Unreadable, match="damaged"):
            read(file, "register.xlsx")

    @pytest.mark.parametrize(
        ("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-8-sig"), ("|", "utf-8")]
    )
    def test_csv_as_programs_write_it(self, delimiter, encoding):
        grid = read(messy.csv([HEAD, ["Müller, Ömer", "'=1+1", "", "Shop"]], delimiter, encoding), "register.csv")
        assert grid.rows == [HEAD, ["Müller, Ömer", "=1+1", "", "Shop"]]

    def test_csv_that_is_none(self):
        with pytest.raises(Unreadable, match="not text"):
            read(io.BytesIO(b"a\x00b"), "register.csv")
        with pytest.raises(Unreadable, match="nothing in this file"):
            read(io.BytesIO(b"\n\n"), "register.csv")

    def test_bounds(self):
        with pytest.raises(Unreadable, match="columns"):
            read(messy.csv([["x"] * (MOST_COLUMNS + 1)]), "register.csv")
        with pytest.raises(Unreadable, match="rows"):
            read(io.BytesIO(b"x\n" * 20_011), "register.csv")
        with pytest.raises(Unreadable, match="characters"):
            read(io.BytesIO(b"y" * 20_001), "register.csv")


class TestValues:
    @pytest.mark.parametrize(
        ("text", "order", "day"),
        [
            ("2026-03-31", "", "2026-03-31"),
            ("31.03.2026", "", "2026-03-31"),
            ("31/03/2026", "", "2026-03-31"),
            ("03/31/2026", "", "2026-03-31"),
            ("03/04/2026", "dmy", "2026-04-03"),
            ("03/04/2026", "mdy", "2026-03-04"),
            ("1.2.26", "", "2026-02-01"),
            ("2026-03-31 00:00", "", "2026-03-31"),
        ],
    )
    def test_dates_in_three_notations(self, text, order, day):
        assert parsed_day(text, order).isoformat() == day

    @pytest.mark.parametrize("text", ["03/04/2026", "30.02.2026", "soon"])
    def test_dates_nobody_can_read(self, text):
        with pytest.raises(Unclear):
            parsed_day(text)

    def test_yes_and_no(self):
        assert [parsed_yes_no(text) for text in ("Ja", "x", "nein", "n/a")] == [True, True, False, None]
        with pytest.raises(Unclear):
            parsed_yes_no("perhaps")


@pytest.mark.django_db
class TestRun:
    @pytest.fixture
    def ada(self, shop):
        return person("system_owner", shop, name="Ada Analyst", email="ada@example.org")

    def test_unreadable_file_fails_with_the_reason(self, handed_in):
        run = handed_in(io.BytesIO(b"\xff" * 10 + b"\n\n" + b"y" * 20_001), name="register.csv")
        assert run.state == ImportState.FAILED
        assert "characters" in run.failure

    def test_file_without_lines(self, handed_in, confirmed, officer):
        run = confirmed(handed_in(messy.csv([HEAD]), name="register.csv"))
        with pytest.raises(Exception, match="nothing to import"):
            services.start_import(run, by=officer)

    def test_columns_must_make_sense(self, handed_in, officer):
        run = handed_in(messy.csv([HEAD, ["A", "b", "c", "d"]]), name="register.csv")
        for columns, told in (
            ({"0": "title"}, "No column is read as"),
            ({"0": "title", "1": "title"}, "Two columns are read as"),
            ({"0": "colour"}, "There is no field"),
        ):
            with pytest.raises(ValidationError, match=told):
                services.confirm_columns(run, by=officer, columns=columns, header_row=1, meanings={}, orders={})
        with pytest.raises(ValidationError, match="nothing in this row"):
            services.confirm_columns(run, by=officer, columns=run.columns, header_row=9, meanings={}, orders={})

    def test_same_key_twice_in_one_file(self, handed_in, confirmed, ada):
        lines = [["Nr", *HEAD], ["1", "A", "a", ada.email, "Shop"], ["1", "B", "b", ada.email, "Shop"]]
        run = confirmed(handed_in(messy.csv(lines), name="register.csv"))
        assert run.counts == {LineState.NEW: 1, LineState.WRONG: 1}
        assert "stands in row 2" in ImportLine.objects.get(state=LineState.WRONG).errors["0"]

    def test_likely_duplicates_are_shown(self, handed_in, confirmed, officer, ada):
        lines = [HEAD, ["Churn forecast", "a", ada.email, "Shop"]]
        worked(services.start_import(confirmed(handed_in(messy.csv(lines), name="one.csv")), by=officer))
        lines = [HEAD, ["Forecast of churn", "a", ada.email, "Shop"]]
        run = confirmed(handed_in(messy.csv(lines), name="two.csv"))
        assert "Churn forecast" in ImportLine.objects.get(run=run, state=LineState.NEW).hint

    def test_one_wrong_among_many(self, handed_in, confirmed, officer, ada):
        lines = [HEAD, *[[f"System {n}", "a", ada.email, "Shop"] for n in range(250)]]
        lines[180] = ["Broken", "a", ada.email, "Nowhere"]
        run = confirmed(handed_in(messy.csv(lines), name="many.csv"))
        assert run.counts == {LineState.NEW: 249, LineState.WRONG: 1}
        assert "Nowhere" in next(iter(ImportLine.objects.get(state=LineState.WRONG).errors.values()))
        run = worked(services.start_import(run, by=officer, leave_wrong=True))
        assert run.counts == {LineState.MADE: 249, LineState.WRONG: 1}

    def test_what_does_not_go_together_is_told_before_anything_is_made(self, handed_in, confirmed, ada):
        lines = [[*HEAD, "Criticality", "Stage", "Go-live"]]
        lines += [["A", "a", ada.email, "Shop", "high", "", ""], ["B", "b", ada.email, "Shop", "", "", "2999-01-01"]]
        lines += [["C", "c", ada.email, "Shop", "", "retirement", ""], ["D", "d", ada.email, "Shop", "", "", ""]]
        run = confirmed(handed_in(messy.csv(lines), name="x.csv"))
        assert run.counts == {LineState.NEW: 1, LineState.WRONG: 3}
        told = dict(ImportLine.objects.filter(state=LineState.WRONG).values_list("number", "errors"))
        assert told == {
            2: {"": "Say why it is so critical."},
            3: {"6": "This day is still to come."},
            4: {"5": "Register it in the stage it had last; then retire it."},
        }

    def test_what_a_service_refuses_stays_as_a_wrong_line(self, handed_in, confirmed, officer, ada):
        ben = person("system_owner", ada.unit, name="Ben", email="ben@example.org")
        lines = [HEAD, ["A", "a", ben.email, "Shop"], ["B", "b", ada.email, "Shop"]]
        run = confirmed(handed_in(messy.csv(lines), name="x.csv"))
        type(ben).objects.filter(pk=ben.pk).update(is_active=False)  # Ben leaves after the check
        run = worked(services.start_import(run, by=officer))
        assert run.counts == {LineState.MADE: 1, LineState.WRONG: 1}
        assert "e-mail" in " ".join(ImportLine.objects.get(state=LineState.WRONG).errors.values())

    def test_what_a_cell_names_may_be_gone_by_then(self, handed_in, confirmed, officer, ada):
        lines = [HEAD, ["A", "a", ada.email, "Shop"]]
        run = confirmed(handed_in(messy.csv(lines), name="x.csv"))
        type(ada.unit).objects.filter(pk=ada.unit_id).update(name="Store")
        run = worked(services.start_import(run, by=officer))
        assert run.counts == {LineState.WRONG: 1}
        assert "no unit “Shop”" in ImportLine.objects.get(state=LineState.WRONG).errors["3"]

    def test_same_name_twice_in_one_file_is_made_once_unless_one_says_so(self, handed_in, confirmed, officer, ada):
        lines = [HEAD, ["A tool", "a", ada.email, "Shop"], ["B tool", "b", ada.email, "Shop"]]
        lines += [["a  TOOL", "again", ada.email, "Shop"]]
        run = confirmed(handed_in(messy.csv(lines), name="x.csv"))
        assert run.counts == {LineState.NEW: 2, LineState.TWICE: 1}
        assert ImportLine.objects.get(state=LineState.TWICE).hint == "The same name stands in row 2."
        run = worked(services.start_import(run, by=officer))
        assert run.counts == {LineState.MADE: 2, LineState.TWICE: 1}
        again = [HEAD, ["C tool", "a", ada.email, "Shop"], ["C tool", "b", ada.email, "Shop"]]
        run = confirmed(handed_in(messy.csv(again), name="y.csv"))
        run = worked(services.start_import(run, by=officer, with_twice=True))
        assert run.counts == {LineState.MADE: 2}

    def test_killed_in_the_middle_goes_on_where_it_was(self, handed_in, confirmed, officer, ada, monkeypatch):
        from aims.importing import work
        from inventory.models import AISystem

        lines = [HEAD, *[[f"System {n}", "a", ada.email, "Shop"] for n in range(6)]]
        run = services.start_import(confirmed(handed_in(messy.csv(lines), name="many.csv")), by=officer)
        monkeypatch.setattr(work, "BATCH", 2)
        calls = []

        def dies(self, done, total, note=""):
            calls.append(done)
            if len(calls) == 2:
                raise OSError("killed")

        monkeypatch.setattr("aims.jobs.Progress.say", dies)
        worked(run)
        assert (run.state, AISystem.objects.count()) == (ImportState.RUNNING, 4)
        type(run.job).objects.update(lease_until=None)
        worked(run)
        assert (run.state, AISystem.objects.count()) == (ImportState.DONE, 6)


def test_the_same_file_twice_at_once_is_taken_once(committed_db):
    by = person("aims_manager", root_unit())
    barrier, taken, refused_with = Barrier(2), [], []

    def hand_in():
        try:
            barrier.wait()
            file = messy.csv([HEAD, ["A", "b", by.email, "Shop"]])
            taken.append(services.begin_import(by=by, target="system", file=file, name="register.csv").pk)
        except ValidationError as error:
            refused_with.append(error.message_dict)
        finally:
            connection.close()

    threads = [Thread(target=hand_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused_with == [{"file": ["This file is being imported already."]}]
    assert taken == list(Import.objects.values_list("pk", flat=True))
