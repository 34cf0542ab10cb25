"""Forms: the summary leads to each field, help and errors belong to their control, only optional fields are marked."""

import re

from tests.kit.samples import HOSTILE, Plain, Sample, conflicts, draw, filled, header


def test_the_summary_links_to_each_wrong_field() -> None:
    drawn = draw("kit/_form.html", form=filled())
    assert 'role="alert"' in drawn
    for target in ("#id_stage", "#id_how"):
        assert f'<li><a href="{target}' in drawn
        assert f'id="{target[1:]}' in drawn


def test_a_form_without_errors_has_no_summary() -> None:
    assert "data-errors" not in draw("kit/_form.html", form=Sample())


def test_help_and_error_are_read_with_their_control() -> None:
    drawn = draw("kit/_form.html", form=Sample({"title": "", "version": "3"}))
    title = re.search(r'<input type="text" name="title"[^>]*>', drawn)
    assert title is not None
    assert 'aria-describedby="id_title_helptext id_title_error"' in title[0]
    assert 'aria-invalid="true"' in title[0]
    assert 'id="id_title_helptext"' in drawn
    assert 'id="id_title_error"' in drawn


def test_only_optional_fields_are_marked() -> None:
    drawn = draw("kit/_form.html", form=Sample())
    marked = re.findall(r'<(?:label for="id_|legend>)([^<]*?)"?>?([A-Z][a-z ]+) <span class="optional">', drawn)
    assert {words.strip() for _target, words in marked} == {"Purpose", "Who", "Proof"}


def test_what_an_auditor_asks_stands_beside_its_field() -> None:
    drawn = draw("kit/_form.html", form=Sample())
    assert "Who decided it?" in drawn[drawn.index('id="field-purpose"') : drawn.index('id="field-stage"')]


def test_a_form_with_a_file_can_send_it_and_keeps_what_was_opened() -> None:
    drawn = draw("kit/_form.html", form=Sample())
    assert 'enctype="multipart/form-data"' in drawn
    assert '<input type="hidden" name="version" value="3" id="id_version">' in drawn


def test_the_three_way_view_keeps_every_field_of_the_form() -> None:
    form = filled()
    drawn = draw("kit/conflict.html", shell=Plain(), header=header(), form=form, conflicts=conflicts(form))
    sent = set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', drawn))
    assert set(form.fields) <= sent
    assert drawn.count(' name="title"') == 1
    assert "Both of you changed it" in drawn
    assert HOSTILE not in drawn
