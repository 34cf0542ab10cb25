"""Verbs sent to the API."""

import pytest

from tests.factories import audits as make
from tests.factories.organization import sign_in_again


@pytest.fixture
def ask_api(api_of):
    """Send a verb to the API in somebody's session, with the version that stands."""

    def send(who, row, verb, **body):
        api = api_of(who)
        sign_in_again(api, who)
        match = f'"{make.fresh(row).version}"'
        return api.post(f"/api/v1{row.get_absolute_url()}{verb}/", body, HTTP_IF_MATCH=match)

    return send
