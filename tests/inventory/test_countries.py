"""Codes of countries and languages."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from inventory.countries import COUNTRIES, EU, country_name, known_country, known_language, language_name


def test_every_country_of_the_standard_is_there() -> None:
    assert len(COUNTRIES) == 249
    assert all(len(code) == 2 and code.isupper() and name for code, name in COUNTRIES.items())
    assert set(COUNTRIES) >= EU and len(EU) == 27


def test_names_are_in_the_readers_language() -> None:
    assert country_name("FR") == "France"
    with translation.override("de"):
        assert language_name("fr") == "Französisch"


def test_unknown_codes_name_themselves() -> None:
    assert (country_name("ZZ"), language_name("xx")) == ("ZZ", "xx")


@pytest.mark.parametrize(("check", "code"), [(known_country, "ZZ"), (known_country, "de"), (known_language, "DE")])
def test_unknown_codes_are_refused(check: object, code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        check(code)  # type: ignore[operator]


def test_known_codes_pass() -> None:
    known_country("DE")
    known_language("de")
