"""What only another language shows: words fixed at import, dates that a browser does not take, numbers, mails and PDFs."""

import csv
import os
import subprocess
import sys
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core import mail
from django.utils import translation
from django.utils.formats import date_format, get_format, number_format
from lxml import html
from pypdf import PdfReader

from aims import jobs
from aims.jobs import Progress
from aims.mail import compose
from aims.models import Decision, Job
from aims.services import create
from aims.trail import recording
from evidence import storage
from evidence.services.rendering import render_pack
from inventory.countries import countries
from organization import services
from organization.profile import Profile
from organization.states import Role
from tests.factories import person, unit
from tests.factories.commitments import adopted
from tests.factories.evidence import pack
from tests.factories.inventory import system

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_whole(language):
    words = Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / "django.po"
    assert words.with_suffix(".mo").exists(), "bin/words.py compiles it; `make test` does so by itself"
    done = subprocess.run(
        [sys.executable, "bin/words.py", "--check"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_date_field_takes_what_it_shows(language):
    """A browser's date field takes 2026-03-31 alone; anything else it shows empty, and saving would lose the date."""
    field = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    with translation.override(language):
        assert get_format("DATE_INPUT_FORMATS")[0] == "%Y-%m-%d"
        shown = field.widget.format_value(date(2026, 3, 31))
        assert (shown, field.clean(shown)) == ("2026-03-31", date(2026, 3, 31))


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("field", [forms.FloatField(), forms.DecimalField()])
def test_a_number_field_takes_what_it_shows(language, field):
    with translation.override(language):
        shown = field.widget.format_value(field.clean("0.85"))
        assert (shown, field.clean(shown)) == ("0.85", field.clean("0.85"))


def test_days_and_numbers_are_written_as_germans_do():
    with translation.override("de"):
        assert date_format(date(2026, 3, 31)) == "31. März 2026"
        assert number_format(1234.5, use_l10n=True, force_grouping=True) == "1.234,5"


MARKED = """
import gc
from django.utils import translation

engine, mark = translation._trans, chr(0x27E6)
for name in ("gettext", "pgettext", "ngettext", "npgettext"):
    said = getattr(engine, name)
    setattr(engine, name, lambda *words, _said=said, **more: mark + str(_said(*words, **more)))

import django

django.setup()
from django.urls import get_resolver

list(get_resolver().reverse_dict)


def texts(holder, depth):
    for one in gc.get_referents(holder):
        if isinstance(one, str):
            yield one
        elif depth and isinstance(one, (tuple, frozenset)) and not gc.is_tracked(one):
            yield from texts(one, depth - 1)


for holder in gc.get_objects():
    if type(holder) in (list, tuple, set):
        for text in texts(holder, 3):
            if mark in text and text != mark:
                print(text)
"""


def test_no_choice_is_worded_once_for_all():
    """Choices put together at import stay in the language of that moment: words are joined by `format_lazy`."""
    done = subprocess.run(
        [sys.executable, "-c", MARKED], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)},
    )  # fmt: skip
    assert not done.stdout, done.stdout


def test_countries_stand_in_the_order_of_the_readers_language():
    with translation.override("de"):
        names = [name for _code, name in countries()]
    assert [name for name in names if name in ("Zypern", "Ägypten", "Albanien")] == ["Ägypten", "Albanien", "Zypern"]


def read(answer):
    assert answer.status_code in (200, 400)
    return html.fromstring(answer.content.decode())


@pytest.fixture
def german(db):
    return person(Role.AIMS_MANAGER, unit=unit(), language="de")


def test_pages_speak_the_persons_language(german, client_of):
    client, one = (
        client_of(german),
        system(stage="operation_monitoring", live_since=date(2024, 3, 31), owner=german, unit=german.unit),
    )
    home = read(client.get("/"))
    assert (home.get("lang"), home.findtext(".//h1")) == ("de", "Startseite")
    register = read(client.get("/systems/"))
    assert register.findtext(".//h1") == "KI-Systeme"
    page = read(client.get(one.get_absolute_url())).text_content()
    assert "Vorhersehbare Fehlanwendung" in page
    assert "31. März 2024" in page


def test_a_form_keeps_its_dates_and_says_errors(german, client_of):
    client, one = client_of(german), system(live_since=date(2024, 3, 31), owner=german, unit=german.unit)
    address = f"{one.get_absolute_url()}change/"
    form = read(client.get(address)).xpath("//main//form")[0]
    assert form.xpath(".//input[@name='live_since']/@value") == ["2024-03-31"]
    assert "Static" not in form.text_content()
    refused = read(client.post(address, {"title": "", "version": one.version}))
    assert "Dieses Feld ist zwingend erforderlich." in refused.text_content()


def test_the_sign_in_page_follows_the_browser(client_of, db):
    for said, title in (("de-AT,de;q=0.9", "Anmelden"), ("en", "Sign in"), ("xx", "Sign in")):
        page = read(client_of().get("/account/login/", headers={"accept-language": said}))
        assert page.findtext(".//h1") == title


def test_an_export_keeps_the_form_that_machines_read(german, client_of):
    system(live_since=date(2024, 3, 31), owner=german, unit=german.unit, title="Preise")
    answer = client_of(german).get("/systems/?format=csv&columns=title,live_since")
    lines = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert "2024-03-31" in lines[1] and "Im Einsatz seit" in lines[0]


def test_mails_speak_the_persons_language(german):
    services.send_invitation(Progress(Job(arguments={"person_id": german.pk})))
    (invitation,) = mail.outbox
    assert invitation.subject == "[AIMS] Ihr Konto"
    letter = compose(german, [], date(2026, 3, 31))
    page = html.fromstring(letter.alternatives[0].content)
    assert page.get("lang") == "de" and letter.subject.endswith("Aufgaben für Sie")


def test_a_pack_speaks_the_language_of_who_asked(db, monkeypatch):
    monkeypatch.setattr(jobs, "poke", lambda job: True)
    by = person(Role.AIMS_MANAGER, language="de")
    found = pack(by)
    jobs.run(found.job_id, render_pack)
    found.refresh_from_db()
    assert found.state == "ready", found.failure
    read = PdfReader(BytesIO(b"".join(storage.checked(found.blob_id))))
    cover = " ".join(read.pages[0].extract_text().split())
    assert read.trailer["/Root"]["/Lang"] == "de"
    assert "Umfang" in cover and "Einträge zum Stand" in cover


@pytest.mark.parametrize(
    ("ours", "theirs", "words"), [("en", "de", "Pursue this objective?"), ("de", "en", "Dieses Ziel verfolgen?")]
)
def test_a_decision_is_kept_in_the_organizations_language(db, ours, theirs, words):
    with recording(None, "test"):
        create(Profile(language=ours))
    with translation.override(theirs):
        row = adopted()
        assert Decision.objects.get(record=row.pk).question == words
        assert translation.get_language() == theirs
