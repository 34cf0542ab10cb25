"""Exports: what comes out is what was put in, and no spreadsheet runs any of it."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.http import StreamingHttpResponse
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from aims.exports import csv_response, plain, safe, unsafe, xlsx_response
from aims.states import Confidentiality

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "   @x", "＝1", "'=1", "'", "''"]
TEXT = st.text() | st.builds(
    "{}{}".format, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'", " ", " =", "' "]), st.text()
)


def read_csv(response: StreamingHttpResponse) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8")  # type: ignore[arg-type]
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:], newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_is_quoted(text):
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=b", "1", "Fraud detection", "é", "3-4"])
def test_harmless_text_stays(text):
    assert safe(text) == text


@given(TEXT)
@example("'=1")
@example("''")
def test_unsafe_undoes_safe(text):
    assert unsafe(safe(text)) == text


@given(TEXT)
def test_safe_text_never_begins_as_a_formula(text):
    assert not safe(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=5))
def test_csv_round_trip_is_exact(rows):
    found = read_csv(csv_response("x", ["=a", "b"], rows))
    assert found[0] == ["'=a", "b"]
    assert [[unsafe(cell) for cell in row] for row in found[1:]] == rows


@given(st.lists(TEXT, min_size=1, max_size=8))
def test_xlsx_keeps_texts_as_texts(texts):
    response = xlsx_response("x", ["=head"], [[text] for text in texts])
    sheet = load_workbook(BytesIO(response.content))["Register"]
    assert sheet["A1"].value == "=head"
    for (cell,), text in zip(sheet.iter_rows(min_row=2), texts, strict=True):
        assert cell.data_type != "f"
        assert (cell.value or "") == "".join(
            c for c in text if c.isprintable() or c in "\t\n" or (c >= "\x7f" and c not in "\ufffe\uffff")
        )


def test_numbers_stay_numbers():
    rows = [[-5, -1.5, Decimal("-2.50")]]
    assert read_csv(csv_response("x", ["a", "b", "c"], rows))[1] == ["-5", "-1.5", "-2.50"]
    sheet = load_workbook(BytesIO(xlsx_response("x", ["a", "b", "c"], rows).content)).active
    assert [cell.value for cell in sheet[2]] == [-5, -1.5, -2.5]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, 3),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 8, tzinfo=UTC), "2026-03-01T08:00:00+00:00"),
        (["a", None, True], "a; ; yes"),
        (("x",), "x"),
        (Confidentiality.CASE, "case"),
    ],
)
def test_values_in_plain_words(value, written):
    assert plain(value) == written


def test_files_are_named_and_typed():
    assert csv_response("systems", [], [])["Content-Disposition"] == 'attachment; filename="systems.csv"'
    assert csv_response("systems", [], [])["Content-Type"] == "text/csv; charset=utf-8"
    assert xlsx_response("systems", ["a"], [])["Content-Disposition"] == 'attachment; filename="systems.xlsx"'


def test_csv_is_streamed():
    taken = []

    def rows():
        for number in range(1000):
            taken.append(number)
            yield [number]

    body = iter(csv_response("x", ["n"], rows()).streaming_content)
    next(body), next(body)
    assert len(taken) == 1
