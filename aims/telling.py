"""How the triggers hear of a verb's context: with the verb's first statement, in the same round trip.

A statement of its own for every verb would cost a save a fifth of its time. A savepoint that is rolled back may take
away what the database was told inside it, so it is told anew afterwards.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from psycopg import ServerCursor
from psycopg.pq import Escaping

Told = tuple[str, str]  # context as JSON, moment of the installation's clock


class Teller:
    """Stands between a transaction's verbs and the database. `wanted` is what the next statement's triggers must know."""

    def __init__(self) -> None:
        self.wanted: Told = ("", "")
        self._told: Told | None = None

    def __call__(self, execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: Any) -> Any:
        """Django's execute wrapper."""
        if isinstance(statement, str) and statement.startswith("ROLLBACK TO"):
            self._told = None
        elif self._told != self.wanted and not isinstance(context["cursor"].cursor, ServerCursor):
            return self._telling_first(execute, statement, params, many, context)
        return execute(statement, params, many, context)

    def _telling_first(self, execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        telling, wanted = _telling(context["connection"], self.wanted), self.wanted
        cursor = context["cursor"].cursor
        if many or not isinstance(statement, str):
            cursor.execute(telling)
            found = execute(statement, params, many, context)
        else:
            prefix = telling if params is None else telling.replace("%", "%%")
            found = execute(f"{prefix}; {statement}", params, many, context)
            cursor.nextset(), cursor.nextset()  # past the answers to the telling
        self._told = wanted
        return found

    def leave(self, moment: str) -> None:
        """Leave no context behind for statements after the verb that share its transaction."""
        if self._told is not None and self._told[0]:
            with connection.cursor() as cursor:
                cursor.execute(_telling(connection, ("", moment)))


def _telling(database: Any, told: Told) -> str:
    """The statements that tell it. libpq quotes: psycopg's composition asks much more before it does the same."""
    quote = Escaping(database.connection.pgconn).escape_literal
    context, moment = (bytes(quote(text.encode())).decode() for text in told)
    return f"SET LOCAL pghistory.context_metadata = {context}; SET LOCAL aims.clock = {moment}"
