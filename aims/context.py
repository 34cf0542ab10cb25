"""What every page shows around its content: navigation, person, banners."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aims import clock
from aims.access import access_of
from aims.due import count_of
from aims.health import broker_away
from aims.registry import NavItem, registry


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, computed only when a template asks."""
    return {"shell": Shell(request)}


class Shell:
    """The frame of a page."""

    product = "AIMS"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo = settings.INSTALLATION_KIND == "demo"
        self.as_of = getattr(request, "as_of", None)
        self.person = request.user if getattr(request, "user", None) and request.user.is_authenticated else None

    @cached_property
    def delayed(self) -> bool:
        """Background work waits because the broker is away; what is saved is safe."""
        return self.person is not None and broker_away()

    @cached_property
    def inbox(self) -> int:
        """How many tasks need this person by today."""
        return count_of(self.person, on=clock.today()) if self.person is not None and not self.as_of else 0

    def navigation(self) -> list[dict[str, Any]]:
        """Groups of entries this person may open, in order."""
        groups: dict[str, list[dict[str, Any]]] = {}
        items = [item for item in sorted(registry.navigation, key=lambda one: one.order) if self._may_open(item)]
        here = self._nearest(items)
        for item in items:
            entry = {"label": item.label, "url": item.url, "icon": item.icon, "current": item.url == here}
            groups.setdefault(str(item.group), []).append(entry)
        return [{"label": label, "items": items} for label, items in groups.items()]

    def _nearest(self, items: Sequence[NavItem]) -> str:
        """The address of the entry that this page is below of: the longest that fits."""
        path = self.request.path
        return max(
            (i.url for i in items if path == i.url or (i.url != "/" and path.startswith(i.url))), key=len, default=""
        )

    def _may_open(self, item: NavItem) -> bool:
        return not item.verb or bool(access_of(self.request.user).capacity(item.verb))

    def entrances(self) -> Sequence[NavItem]:
        """What can be done without signing in, for the sign-in page."""
        return registry.entrances

    def as_of_leave_url(self) -> str:
        """The same page as it stands today."""
        params = self.request.GET.copy()
        params.pop("as_of", None)
        text = params.urlencode()
        return f"{self.request.path}?{text}" if text else self.request.path

    def menu(self) -> list[dict[str, Any]]:
        """Entries of the person's own menu, before those of signing in."""
        return [{"label": _("My account"), "url": "/me/", "icon": "user-circle"}]

    def capacity(self) -> str:
        """The roles in which the person signed in acts, for the menu."""
        roles = access_of(self.request.user).units
        return ", ".join(str(registry.roles[role].name) for role in roles if role in registry.roles)
