"""Every address the product answers, read from the resolver."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One named address. `actions` maps methods to what an API route does; empty for a page."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]
    callback: Any

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def module(self) -> str:
        """Where its view is written."""
        view = getattr(self.callback, "view_class", None) or getattr(self.callback, "cls", self.callback)
        return str(view.__module__)

    @property
    def prefix(self) -> str:
        """First part of the address: the kind's path."""
        return self.pattern.removeprefix("api/v1/").strip("^$").split("/")[0]


def routes() -> list[Route]:
    return sorted(_below(get_resolver("aims.urls"), "", "", ()), key=lambda route: route.name)


def _below(resolver: URLResolver, prefix: str, space: str, given: tuple[str, ...]) -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = prefix + str(one.pattern).removeprefix("^")
        arguments = (*given, *(one.pattern.converters or one.pattern.regex.groupindex))
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _below(one, pattern, inner, arguments)
        elif isinstance(one, URLPattern):
            actions = tuple(sorted((m, a) for m, a in getattr(one.callback, "actions", {}).items() if m != "head"))
            yield Route(
                name=space + (one.name or ""),
                pattern=pattern,
                arguments=arguments,
                actions=actions,
                callback=one.callback,
            )
