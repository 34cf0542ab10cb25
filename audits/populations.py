"""Populations: a register's rows by a stated query, read again at any time and compared with what was drawn from."""

import csv
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from aims.errors import invalid
from aims.listing import Table
from aims.registry import registry

MOST = 20_000  # rows of one population


@dataclass(frozen=True)
class Difference:
    """What changed in a population since it was drawn from."""

    added: list[str]
    removed: list[str]
    moved: list[str]  # rows now in another stratum

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.moved)


def tables() -> dict[str, Table]:
    """Kind → its register, of every governed kind with a register in the API."""
    found = {}
    for _prefix, viewset in registry.routes:
        kind = getattr(getattr(viewset, "model", None), "kind", "")
        if kind in registry.kinds and getattr(viewset, "table", None) is not None:
            found[kind] = viewset.table
    return found


def strata_of(kind: str) -> dict[str, str]:
    """Facet → model field by which the kind's rows can be stratified."""
    table = tables().get(kind)
    return {one.key: one.field for one in table.filters if one.field} if table else {}


def facets() -> list[tuple[str, str]]:
    """(facet, what registers call it) of everything that some kind's rows can be stratified by."""
    names: dict[str, dict[str, None]] = {}
    for table in tables().values():
        for one in table.filters:
            if one.field:
                names.setdefault(one.key, {})[str(one.label)] = None
    return sorted(((key, " / ".join(labels)) for key, labels in names.items()), key=lambda one: one[1])


def stratum_names(sample: Any, user: Any) -> dict[str, str]:
    """Stratum → its words, as the register's filter has them for the person."""
    table = tables().get(sample.record_kind)
    found = next((one for one in table.filters if one.key == sample.stratum_by), None) if table else None
    return {str(value): str(label) for value, label in found.choices(user)} if found else {}


def population(user: Any, kind: str, query: str, stratum_by: str) -> list[tuple[str, str]]:
    """(reference, stratum) of every row that the person sees and the query finds.

    Errors: ValidationError for an unknown kind, facet or value; for nothing, or too much, to draw from.
    """
    table = tables().get(kind)
    if table is None:
        raise invalid(record_kind=_("There is no register of this kind."))
    fields = strata_of(kind)
    if stratum_by and stratum_by not in fields:
        raise invalid(stratum_by=_("Choose one of: %(names)s.") % {"names": ", ".join(sorted(fields))})
    rows = _asked(table, registry.kinds[kind].model.objects.visible_to(user), query, user)
    columns = ("ref", fields[stratum_by]) if stratum_by else ("ref",)
    found = list(rows.order_by("ref").values_list(*columns)[: MOST + 1])
    if not found or len(found) > MOST:
        raise invalid(query=_("Between 1 and %(most)d records can be drawn from; this finds %(count)s.")
                      % {"most": MOST, "count": len(found)})  # fmt: skip
    return [(row[0], str(row[1]) if stratum_by else "") for row in found]


def _asked(table: Table, rows: Any, query: str, user: Any) -> Any:
    params = QueryDict(query.lstrip("?"))
    known = {"q", *(one.key for one in table.filters)}
    unknown = set(params) - known
    if unknown:
        raise invalid(query=_("Unknown in this query: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    return table.filtered(rows, params, user)


def whole_for(sample: Any, user: Any) -> bool:
    """Whether the person sees every row of what was drawn from: part of a population would draw something else."""
    refs = {ref for ref, _stratum in sample.population}
    seen = registry.kinds[sample.record_kind].model._default_manager.visible_to(user)
    return refs <= set(seen.values_list("ref", flat=True))


def as_csv(sample: Any) -> str:
    """The population as data/redraw.py reads it."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["reference", "stratum"])
    writer.writerows(sample.population)
    return text.getvalue()


def difference(sample: Any, user: Any) -> Difference:
    """The population as the person finds it now against the one that was drawn from."""
    then = dict(map(tuple, sample.population))
    try:
        now = dict(population(user, sample.record_kind, sample.query, sample.stratum_by))
    except Exception as error:
        if not hasattr(error, "error_dict"):
            raise
        now = {}
    both = then.keys() & now.keys()
    return Difference(
        added=sorted(now.keys() - then.keys()), removed=sorted(then.keys() - now.keys()),
        moved=sorted(ref for ref in both if then[ref] != now[ref]),
    )  # fmt: skip
