"""Forms: pickers take what people type, groups order the fields, refusals stand beside their fields."""

import pytest
from django.core.exceptions import ValidationError

from aims.errors import invalid
from aims.forms import PickerField, ReasonForm
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.sample.models import Sample
from tests.sample.urls import SampleForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return PickerField("sample", lambda user: Sample.objects.order_by("pk"), ("ref", "title"), required=False)


def test_picker_takes_reference_or_exact_name(field):
    row = sample(unit=unit(), title="Fraud")
    assert field.clean(row.ref.lower()) == field.clean(" fraud ") == row


def test_picker_takes_nothing_when_not_required(field):
    assert field.clean("") is None


def test_picker_refuses_the_unknown_and_the_ambiguous(field):
    where = unit()
    sample(unit=where, title="Twice"), sample(unit=where, title="twice")
    for text in ("Twice", "nothing"):
        with pytest.raises(ValidationError, match="Nothing here is called"):
            field.clean(text)


def test_picker_shows_the_first_key(field):
    row = sample(unit=unit())
    assert field.prepare_value(row.pk) == field.prepare_value(row) == row.ref
    assert field.prepare_value(None) == ""
    assert field.prepare_value("typed") == "typed"


def test_picker_draws_the_address_it_searches(field):
    assert "/pick/sample/" in field.widget.render("sample", "")


def test_fields_come_in_their_groups():
    class Grouped(SampleForm):
        groups = (("First", ("purpose", "nonsense")), ("Then", ("title",)))

    groups = Grouped(instance=Sample(), user=None).fieldsets()
    assert [(title, [bound.name for bound in fields]) for title, fields in groups] == [
        ("First", ["purpose"]),
        ("Then", ["title"]),
    ]


def test_without_groups_there_is_one():
    ((title, fields),) = SampleForm(instance=Sample(), user=None).fieldsets()
    assert title == ""
    assert "title" in [bound.name for bound in fields]


def test_form_carries_the_version_opened():
    row = sample(unit=unit())
    assert SampleForm(instance=row, user=None).initial["version"] == 1
    assert "version" not in SampleForm(instance=Sample(), user=None).initial


def test_version_is_no_data():
    row = sample(unit=unit(), owner=person())
    data = {"title": "x", "unit": row.unit_id, "owner": row.owner_id, "version": 1}
    form = SampleForm(data, instance=row, user=None)
    assert form.is_valid(), form.errors
    assert "version" not in form.data_for_service()
    assert form.data_for_service()["title"] == "x"


def test_refusals_stand_by_their_fields_or_on_top():
    form = SampleForm({}, instance=Sample(), user=None)
    form.is_valid()
    form.refuse(invalid(purpose="Say more.", elsewhere="Not here."))
    form.refuse(ValidationError("Never."))
    assert form.errors["purpose"] == ["Say more."]
    assert form.non_field_errors() == ["Not here.", "Never."]


def test_reason_is_asked_for():
    form = ReasonForm({"reason": "", "version": "3"}, user=None, instance=None)
    assert set(form.errors) == {"reason"}
    form = ReasonForm({"reason": "because", "version": "3"}, user=None, instance=None)
    assert form.is_valid()
    assert form.data_for_service() == {"reason": "because"}


def test_forms_do_not_save():
    with pytest.raises(NotImplementedError):
        SampleForm(instance=Sample(), user=None).save()
