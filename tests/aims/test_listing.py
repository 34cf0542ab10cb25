"""Registers: every sort, both directions, nulls last, forwards and back; filters, search, broken cursors."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from aims.listing import page_of
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.sample.models import Sample
from tests.sample.tables import SAMPLES

DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 4))
MOMENTS = st.none() | st.integers(0, 3).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=n))
AMOUNTS = st.none() | st.sampled_from([Decimal("0.10"), Decimal("0.20"), Decimal("10")])
TITLES = st.sampled_from(["a", "A", "é", "ß", "zz", "a b", "%", "'"])
ROWS = st.lists(st.tuples(TITLES, AMOUNTS, DAYS, MOMENTS, st.integers(0, 2)), max_size=14)
SORTS = [sign + name for name in sorted(SAMPLES.sortable()) for sign in ("", "-")]


@pytest.fixture
def ground(db):
    return unit(), [None, person(name="Ann"), person(name="Bo")]


def walk(rows, order, size):
    """Every page forwards to the end, then every page back to the start."""
    forwards, pages, params = [], 0, QueryDict("")
    while True:
        page = page_of(rows, order, params, size)
        forwards += page.rows
        pages += 1
        if not page.next:
            break
        params = QueryDict(mutable=True)
        params["after"] = page.next
    back = list(page.rows)
    while page.previous:
        params = QueryDict(mutable=True)
        params["before"] = page.previous
        page = page_of(rows, order, params, size)
        back = page.rows + back
    return forwards, back, pages


@pytest.mark.parametrize("order", SORTS)
@given(made=ROWS, size=st.integers(1, 4))
def test_paging_gives_every_row_once_in_both_directions(ground, order, made, size):
    where, owners = ground
    Sample.objects.update(twin=None)
    Sample.objects.all().delete()
    last = None
    for title, amount, due, seen, owner in made:
        last = sample(
            unit=where,
            title=title,
            amount=amount,
            due_on=due,
            seen_at=seen,
            owner=owners[owner],
            twin=last if owner else None,
        )
    forwards, back, pages = walk(Sample.objects.all(), order, size)
    assert sorted(row.pk for row in forwards) == sorted(Sample.objects.values_list("pk", flat=True))
    assert [row.pk for row in back] == [row.pk for row in forwards]
    assert pages == max(1, -(-len(made) // size))


@pytest.mark.parametrize("order", ["amount", "-amount"])
def test_rows_without_a_value_come_last(ground, order):
    where, _owners = ground
    for amount in (None, Decimal(2), Decimal(1)):
        sample(unit=where, amount=amount)
    page = page_of(Sample.objects.all(), order, QueryDict(""))
    assert page.rows[-1].amount is None


def test_paging_is_stable_while_rows_are_added(ground):
    where, _owners = ground
    for number in range(4):
        sample(unit=where, title=f"t{number}")
    first = page_of(Sample.objects.all(), "title", QueryDict(""), 2)
    sample(unit=where, title="t0")
    params = QueryDict(mutable=True)
    params["after"] = first.next
    assert [row.title for row in page_of(Sample.objects.all(), "title", params, 2).rows] == ["t2", "t3"]


@pytest.mark.parametrize(
    "cursor", ["x", "!!!", "bnVsbA", "WyJ0aXRsZSJd", "WyJ0aXRsZSIsICJhIiwgIngiXQ", "\x00", "WyJkdWVfb24iLDEsMV0"]
)
def test_broken_cursor_is_refused(ground, cursor):
    params = QueryDict(mutable=True)
    params["after"] = cursor
    with pytest.raises(ValidationError):
        page_of(Sample.objects.all(), "title" if cursor != "WyJkdWVfb24iLDEsMV0" else "due_on", params)


def test_cursor_of_another_sort_starts_again(ground):
    where, _owners = ground
    for number in range(3):
        sample(unit=where, title=f"t{number}")
    params = QueryDict(mutable=True)
    params["after"] = page_of(Sample.objects.all(), "title", QueryDict(""), 2).next
    assert len(page_of(Sample.objects.all(), "-title", params, 5).rows) == 3


@pytest.mark.parametrize(("asked", "given"), [("title", "title"), ("-title", "-title"), ("", "-updated_at")])
def test_order_asked_for(asked, given):
    assert SAMPLES.order(QueryDict(f"sort={asked}")) == given


@pytest.mark.parametrize("asked", ["password", "owner__password", "--title", "title-", "unit__name", "-"])
def test_unknown_order_falls_back(asked):
    assert SAMPLES.order(QueryDict(f"sort={asked}")) == "-updated_at"


def test_filters_and_search_narrow(ground):
    where, _owners = ground
    wanted = sample(unit=where, title="Fraud detection", amount=1)
    sample(unit=where, title="Fraud pricing")
    sample(unit=where, title="Fraud detection", amount=1, state="gone")

    def found(query):
        return list(SAMPLES.filtered(Sample.objects.all(), QueryDict(query), None))

    assert found("q=detect+FRAUD&state=draft&amount=some") == [wanted]
    assert found(f"q={wanted.ref.lower()}") == [wanted]
    assert len(found("state=draft&state=gone")) == 3
    assert len(found("q=%00")) == 3


def test_search_takes_percent_signs_literally(ground):
    sample(unit=ground[0], title="plain")
    assert not SAMPLES.filtered(Sample.objects.all(), QueryDict("q=%25%25%25"), None).exists()


def test_unknown_filter_value_is_refused(ground):
    with pytest.raises(ValidationError):
        SAMPLES.filtered(Sample.objects.all(), QueryDict("state=nonsense"), None)


def test_columns_chosen_in_the_address():
    assert [c.key for c in SAMPLES.chosen(QueryDict("columns=purpose,ref,nonsense"))] == ["ref", "purpose"]
    assert "purpose" not in [c.key for c in SAMPLES.chosen(QueryDict(""))]


def test_column_exports_its_plain_value(ground):
    column = next(c for c in SAMPLES.columns if c.key == "twin")
    other = sample(unit=ground[0])
    assert column.export(sample(unit=ground[0], twin=other)) == other.ref
