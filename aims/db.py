"""Columns and constraints that PostgreSQL keeps for us: shared keys, references, the database's clock, composite keys."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class Now(models.Func):
    """The database's clock; in demo and test installations the one that `aims.clock` sets."""

    template = "aims_now()"
    output_field = models.DateTimeField()


class Reference(models.Func):
    """Next reference of a kind, such as SYS-0004. Gaps are normal: numbers come from a sequence."""

    output_field = models.CharField()

    def __init__(self, prefix: str) -> None:
        super().__init__(models.Value(prefix), function="aims_reference")
        self.prefix = prefix

    def deconstruct(self) -> tuple[str, tuple[str], dict[str, Any]]:
        return "aims.db.Reference", (self.prefix,), {}


class RecordKey(models.BigAutoField):
    """Primary key drawn from one sequence shared by all governed rows, so that a key names one record of any kind."""

    def db_type_suffix(self, connection: Any) -> str:
        return "DEFAULT nextval('aims_record_key')"


class Follows(models.BaseConstraint):
    """Composite foreign key ON UPDATE CASCADE: a dependent's columns follow its root's, as in (system, unit).

    Moving the root to another unit moves its dependents in the same statement.
    """

    def __init__(self, *, name: str, columns: list[str], to: str, to_columns: list[str]) -> None:
        super().__init__(name=name)
        self.columns, self.to, self.to_columns = columns, to, to_columns

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        return ""  # always added after the table, when the target exists

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None and schema_editor is not None
        quote = schema_editor.quote_name
        columns = ", ".join(quote(column) for column in self.columns)
        targets = ", ".join(quote(column) for column in self.to_columns)
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY ({columns}) REFERENCES {quote(self.to)} ({targets}) "
            "ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED"
        )

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None and schema_editor is not None
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database decides: the columns follow by themselves."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Follows) and self.deconstruct() == other.deconstruct()

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        return (
            "aims.db.Follows",
            (),
            {"name": self.name, "columns": self.columns, "to": self.to, "to_columns": self.to_columns},
        )
