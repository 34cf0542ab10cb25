"""The catalogue: 32 clauses and 38 controls as the data file has them, loaded once and kept up to it."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aims.history import event_model
from controls import registration
from controls.catalogue import load_catalogue
from controls.models import Clause, Control, ControlGroup, Framework, Requirement
from controls.models.catalogue import OURS
from tests.data.test_catalogue import CLAUSES, CONTROLS, GROUPS
from tests.factories.controls import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A folder with the catalogue's file, to be edited."""
    shutil.copy(Path(settings.BASE_DIR) / "controls" / "data" / "iso42001.yaml", tmp_path)
    return tmp_path


def edit(folder, change):
    path = folder / "iso42001.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def test_the_32_clauses_and_their_titles():
    assert dict(Clause.objects.with_requirements().values_list("number", "title")) == CLAUSES
    assert len(CLAUSES) == 32


def test_the_38_controls_and_their_titles_in_order():
    found = list(Control.objects.in_order().values_list("number", "title"))
    assert found == list(CONTROLS.items())
    assert len(found) == 38


def test_the_nine_groups_hold_the_controls():
    assert dict(ControlGroup.objects.values_list("number", "title")) == GROUPS
    for control in Control.objects.select_related("group"):
        assert control.number.startswith(f"{control.group.number}.")


def test_each_control_says_what_it_asks():
    for control in Control.objects.all():
        assert control.summary and control.asks and control.questions and control.evidence, control.number


def test_headings_only_give_structure():
    headings = Clause.objects.filter(heading=True)
    assert headings.count() == 11
    assert not Requirement.objects.filter(clause__in=headings).exists()
    assert Clause.objects.get(number="6.1.2").parent_number == "6.1"
    assert Clause.objects.get(number="4").parent_number == ""
    assert [clause.depth for clause in Clause.objects.filter(number__in=["6", "6.1", "6.1.2"]).in_order()] == [0, 1, 2]


def test_clauses_below_a_clause():
    below = Clause.objects.below("6.1").in_order().values_list("number", flat=True)
    assert list(below) == ["6.1.1", "6.1.2", "6.1.3", "6.1.4"]


def test_an_unchanged_file_costs_one_query_and_writes_nothing(django_assert_num_queries):
    events = event_model(Control).objects.count()
    with django_assert_num_queries(1):
        assert load_catalogue() == []
    assert event_model(Control).objects.count() == events


def test_a_changed_file_leaves_one_event_a_changed_row(folder):
    def reword(data):
        data["framework"]["data_version"] = "1.1"
        data["controls"][0]["summary"] = "Reworded."

    edit(folder, reword)
    before = event_model(Control).objects.count()
    assert load_catalogue(folder) == ["iso-42001"]
    assert Control.objects.get(number="A.2.2").summary == "Reworded."
    assert Framework.objects.get(key=OURS).data_version == "1.1"
    events = event_model(Control).objects.order_by("-pgh_id")
    assert events.count() == before + 1
    assert events[0].pgh_context["service"] == "load_catalogue"
    assert load_catalogue(folder) == []


def test_a_row_the_file_no_longer_has_goes(folder):
    edit(folder, lambda data: (data["controls"].pop(), data["clauses"][1]["requirements"].pop()))
    load_catalogue(folder)
    assert not Control.objects.filter(number="A.10.4").exists()
    assert Clause.objects.get(number="4.1").requirements.count() == 3


def test_a_control_that_a_statement_rests_on_stays(folder):
    statements()
    edit(folder, lambda data: data["controls"].pop())
    with pytest.raises(ProtectedError):
        load_catalogue(folder)
    assert Control.objects.filter(number="A.10.4").exists()
    assert Framework.objects.get(key=OURS).data_version == "1.0"


def test_the_command_says_what_it_did():
    said = StringIO()
    call_command("load_catalogue", stdout=said)
    assert said.getvalue() == "The catalogue is up to date.\n"
    Framework.objects.update(digest="")
    call_command("load_catalogue", stdout=said)
    assert said.getvalue().endswith("Loaded iso-42001.\n")


def test_a_new_demo_has_the_catalogue_from_before_its_first_day(settings):
    for model in (Control, ControlGroup, Framework):
        model.objects.all().delete()
    settings.INSTALLATION_KIND = "demo"
    registration.load()
    first = event_model(Control).objects.filter(pgh_label="insert").order_by("-pgh_id").first()
    assert (timezone.now() - first.pgh_created_at).days == registration.DEMO_DAYS
    registration.load()
    assert Control.objects.count() == 38


def test_matching_by_number_and_by_words():
    def numbers(text):
        return list(Control.objects.matching(text).values_list("number", flat=True))

    assert numbers("a.7")[:2] == ["A.7.2", "A.7.3"]
    assert numbers("data provenance") == ["A.7.5"]
    assert numbers("nothing of this kind") == []
    assert [c.number for c in Clause.objects.matching("management review res")] == ["9.3.3"]


def test_names_are_number_and_title():
    assert str(Control.objects.get(number="A.2.2")) == "A.2.2 AI policy"
    assert str(Clause.objects.get(number="5.2")) == "5.2 AI policy"
    assert str(ControlGroup.objects.get(number="A.3")) == "A.3 Internal organization"
    assert str(Framework.objects.get(key=OURS)) == "ISO/IEC 42001:2023"
    requirement = Requirement.objects.get(number="4.1#1")
    assert str(requirement) == f"4.1#1 {requirement.text}"


def test_loading_takes_one_statement_a_table(folder, django_assert_max_num_queries):
    edit(folder, lambda data: data["framework"].update(data_version="1.1"))
    with django_assert_max_num_queries(40) as counted:
        load_catalogue(folder)
    assert isinstance(counted, CaptureQueriesContext)
