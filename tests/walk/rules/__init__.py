"""Who may what at which address, collected from the module named after each app. A route that is missing fails the walk.

A module has `PAGES` (route → rule), `API` (prefix → action → rule) and `ARGUMENTS` (route → how to fill its arguments).
"""

from importlib import import_module
from importlib.util import find_spec

from tests.architecture.sources import PACKAGES
from tests.walk.rules.words import Fill

PAGES: dict[str, str] = {}
API: dict[str, dict[str, str]] = {}
ARGUMENTS: dict[str, Fill] = {}

for _app in PACKAGES:
    if find_spec(f"{__name__}.{_app}"):
        _module = import_module(f"{__name__}.{_app}")
        PAGES.update(getattr(_module, "PAGES", {}))
        for _prefix, _actions in getattr(_module, "API", {}).items():
            API.setdefault(_prefix, {}).update(_actions)
        ARGUMENTS.update(getattr(_module, "ARGUMENTS", {}))

# Addresses of the sign-in library: everybody's own account.
OWN_PREFIXES = ("account", "mfa_", "socialaccount", "openid_connect_", "usersessions_", "headless")
# Those without a name.
OWN_PATHS = ("account/",)
# Tables that any request may write: sessions, what is kept about views, uses of tokens.
ALWAYS_WRITTEN = {
    "django_session",
    "usersessions_usersession",
    "organization_apitoken",
    "organization_user",
    "aims_reading",
}
