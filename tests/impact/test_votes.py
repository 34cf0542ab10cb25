"""Votes that arrive at the same moment: each member counts once, whoever is quicker (A.3.2)."""

from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ValidationError
from django.db import connections

from aims.errors import WrongState
from organization.committees import Vote
from organization.services import committees
from tests.factories import impact as make


def test_clicks_at_once_are_one_vote_a_member(committed_db):
    row = make.submitted(make.use(make.written(), "sensitive"))
    body = make.committee(quorum=2)
    matter = make.before_committee(row, body)
    _chair, first, second = make.people_of(body)

    def cast(choice):
        person, said = choice
        try:
            committees.cast_vote(make.fresh(matter), by=make.again(person), choice=said, reason="I say so")
        except (WrongState, ValidationError):
            return "refused"
        else:
            return "voted"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        clicks = [(first, "approve"), (first, "reject"), (second, "approve"), (first, "approve")]
        said = list(pool.map(cast, clicks))
    assert said.count("voted") == 2 and said[2] == "voted"
    assert set(Vote.objects.values_list("person", flat=True)) == {first.pk, second.pk}
