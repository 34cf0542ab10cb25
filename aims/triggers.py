"""pgtrigger's registry with an index: by itself it reads every trigger again for each one that is added.

More than a thousand are added whenever a process starts, and more whenever migrations draw their models. The rules and
what they say are pgtrigger's own; only where it looks a trigger up is quicker.
"""

from typing import Any

from pgtrigger import registry

_Plain: Any = type(registry._registry)


class Indexed(_Plain):
    """The registry, with what its rules ask for kept at hand."""

    @property
    def by_db_table(self) -> dict[tuple[str, str], Any]:
        """(table, name) → trigger."""
        return self._tables

    @property
    def pg_function_names(self) -> set[str]:
        """Names of the database's functions."""
        return self._names

    def __setitem__(self, key: str, value: tuple[Any, Any]) -> None:
        super().__setitem__(key, value)  # refuses another table or function under a key that there is
        self._note(*value)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self.read()

    def read(self) -> None:
        """Make the index anew."""
        self._tables: dict[tuple[str, str], Any] = {}
        self._names: set[str] = set()
        for model, trigger in self.data.values():
            self._note(model, trigger)

    def _note(self, model: Any, trigger: Any) -> None:
        self._tables[model._meta.db_table, trigger.name] = trigger
        self._names.add(trigger.get_pgid(model))


def index() -> None:
    """Make the one registry an indexed one. Called once, before our first trigger is declared."""
    registry._registry.__class__ = Indexed
    registry._registry.read()  # type: ignore[attr-defined]
