"""The heat map, the trend and the rank: from kept counters, for what the person sees, at any date."""

from collections import Counter
from datetime import timedelta

import pytest

from aims import clock
from organization.states import Role
from risk import services
from risk.models import Risk
from risk.pictures import counts_of
from risk.standings import standings
from risk.views.risks import rank_of
from tests.factories import person, unit
from tests.factories import risk as make

pytestmark = pytest.mark.django_db


def seen_by(who):
    return Risk.objects.visible_to(who)


class TestCounters:
    def test_follow_every_move_of_a_risk(self):
        reader = person(Role.READER)
        row = make.assessed()
        assert counts_of(seen_by(reader), before=False) == {(4, 3): 1}
        make.plan(row)
        make.approve(row)
        make.done(make.fresh(row))
        make.verify(make.fresh(row))
        assert counts_of(seen_by(reader), before=False) == {(2, 3): 1}
        assert counts_of(seen_by(reader), before=True) == {(4, 3): 1}
        make.accept(make.fresh(row))
        services.close_risk(make.fresh(row), by=row.owner, reason="Done.", on=make.today())
        assert counts_of(seen_by(reader), before=False) == {}

    def test_know_threats_from_opportunities(self):
        reader = person(Role.READER)
        make.assessed()
        make.assessed(nature="opportunity")
        assert counts_of(seen_by(reader), before=False, nature="opportunity") == {(4, 3): 1}
        assert counts_of(seen_by(reader), before=False) == {(4, 3): 2}

    def test_say_what_a_count_would_say_for_each(self):
        home = unit()
        make.assessed(unit=home)
        make.assessed(confidentiality="restricted")
        for who in (person(Role.READER), person(Role.READER, home), person(Role.APPROVER), person()):
            truth = Counter(seen_by(who).open().values_list("likelihood", "consequence"))
            assert counts_of(seen_by(who), before=False) == truth

    def test_the_map_costs_few_statements(self, client_of, django_assert_max_num_queries):
        make.assessed()
        page = client_of(person(Role.AIMS_MANAGER))
        page.get("/risks/heatmap/")
        with django_assert_max_num_queries(20) as found:
            page.get("/risks/heatmap/")
        assert sum("aims_count" in one["sql"] for one in found.captured_queries) >= 2


class TestPage:
    def test_each_cell_opens_its_list(self, client_of):
        row = make.assessed()
        page = client_of(person(Role.READER))
        text = page.get("/risks/heatmap/").content.decode()
        url = "/risks/?likelihood=4&amp;consequence=3&amp;standing=open&amp;nature=threat"
        assert url in text
        assert row.title in page.get(url.replace("&amp;", "&")).content.decode()

    def test_opportunities_have_their_own(self, client_of):
        make.assessed(nature="opportunity", title="Fewer parcels come back")
        page = client_of(person(Role.READER))
        assert "Fewer parcels" not in page.get("/risks/heatmap/").content.decode()
        assert "Fewer parcels" in page.get("/risks/heatmap/?nature=opportunity").content.decode()
        assert page.get("/risks/heatmap/?nature=odd").context["nature"] == "threat"

    def test_without_criteria_it_says_what_to_do(self, client_of):
        assert "no risk criteria yet" in client_of(person(Role.READER)).get("/risks/heatmap/").content.decode()

    def test_reads_the_past(self, client_of):
        row = make.assessed()
        before = clock.now()
        make.assess(row, likelihood=1)
        then = client_of(person(Role.READER)).get("/risks/heatmap/", {"as_of": before.isoformat()})
        assert "likelihood=4&amp;consequence=3" in then.content.decode()


class TestTrend:
    def test_tells_what_was_open_at_the_end_of_each_day(self, at):
        start = clock.now()
        row = make.accepted()
        at(start + timedelta(days=40))
        worse = make.assessed(ratings={"likelihood": 5, "individual": 5})
        services.close_risk(make.fresh(row), by=row.owner, reason="Done.", on=make.today())
        days = [(start + timedelta(days=after)).date() for after in (-1, 0, 41)]
        found = standings(Risk.objects.all(), days)
        assert [sum(found[day].values()) for day in days] == [0, 1, 1]
        assert found[days[2]] == {"unacceptable": 1}
        assert worse.evaluation == "unacceptable"

    def test_page_shows_only_what_the_person_sees(self, client_of):
        make.assessed()
        mine = client_of(person(Role.READER)).get("/risks/trend/").context["charts"]
        others = client_of(person(Role.READER, unit())).get("/risks/trend/").context["charts"]
        assert (mine[0].rows[-1][1], others[0].rows[-1][1]) == (1, 0)
        assert len(mine[0].rows) == 13


class TestRank:
    def test_is_the_place_among_open_risks_that_one_sees(self, client_of):
        reader, local = person(Role.READER), person(Role.READER, unit())
        row = make.assessed()
        make.assessed(ratings={"likelihood": 5, "individual": 5})
        assert rank_of(row, reader) == (2, 2)
        assert rank_of(row, local) == (1, 0)
        assert "Rank 2 of 2 open risks" in client_of(reader).get(row.get_absolute_url()).content.decode()
        assert rank_of(make.risk(), reader) is None
