"""The generated pages of the documentation: state diagrams, entity diagrams, facts. Written by `manage.py diagrams`."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey
from pghistory.models import Event

from aims.registry import registry

KERNEL = "aims"


def pages() -> dict[str, str]:
    """File name below `docs/` → its text."""
    return {"states.md": _states(), "entities.md": _entities(), "facts.md": _facts()}


def _states() -> str:
    parts = ["# States\n\nDrawn from the transition tables in each app's `states.py`.\n"]
    for name, workflow in sorted(registry.workflows.items()):
        if not workflow.states.__module__.startswith("tests"):
            parts.append(f"## {name}\n\n```mermaid\n{workflow.diagram()}```\n")
    return "\n".join(parts)


def _entities() -> str:
    parts = [
        "# Entities\n\nTables of each app and what they point to; event tables and links to people are left out.\n"
    ]
    for label in (KERNEL, *settings.AIMS_APPS):
        lines = [line for model in _tables(label) for line in _edges(model)]
        names = [f"    {model.__name__}" for model in _tables(label)]
        parts.append(f"## {label}\n\n```mermaid\nerDiagram\n" + "\n".join(names + lines) + "\n```\n")
    return "\n".join(parts)


def _tables(label: str) -> list[Any]:
    models = apps.get_app_config(label).get_models()
    return sorted((m for m in models if not issubclass(m, Event) and m._meta.managed), key=lambda m: m.__name__)


def _edges(model: Any) -> list[str]:
    person = apps.get_model(settings.AUTH_USER_MODEL)
    fields = [f for f in model._meta.fields if isinstance(f, ForeignKey) and f.related_model is not person]
    return [f"    {f.related_model.__name__} ||--o{{ {model.__name__} : {f.name}" for f in fields]


def _facts() -> str:
    lines = ["# Facts\n\nWhat lower apps announce and who reacts, in the same transaction.\n"]
    for fact, sentence, reactions in registry.facts():
        lines.append(f"- **{fact.__name__}** ({fact.__module__}): {sentence}")
        lines += [f"  - {reaction.__module__}.{reaction.__qualname__}" for reaction in reactions]
    return "\n".join([*lines, "" if len(lines) > 1 else "Nothing is announced yet.", ""]).rstrip() + "\n"
