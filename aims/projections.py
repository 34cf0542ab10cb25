"""Views generated from the models after every migrate: what is sealed of each event, and each table as of a moment.

Schema `trail`: per event table the canonical content and leaf hash of every event. Schema `asof`: per tracked table a
view of the same name and columns that shows the rows as they stood at `aims.as_of`. Apps write neither. Beside them the
triggers of the counters.
"""

from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from pghistory.models import Event

from aims import counters
from aims.history import event_model
from aims.models import Governed, Part, Record, SealedLog, Today
from aims.registry import registry

# Retained logs are never disposed of earlier, whatever is asked for.
SHORTEST_RETENTION = "90 days"

# What stands in the place of an erased value, followed by the row's number.
TOMBSTONE = "erased"

# Columns of an event that are not sealed: the transaction number changes meaning after a restore.
_UNSEALED = ["xid", "pgh_salt", "pgh_redacted"]
_SPINE = ["id", "ref", "title", "unit_id", "owner_id", "state", "confidentiality", "due_on", "version", "created_at"]


# pgtrigger lets any session switch triggers off by a setting. Nobody here may, and asking costs each trigger its time.
_NO_IGNORING = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""


def event_models() -> list[Any]:
    """Every event table, in a fixed order."""
    found = [m for m in apps.get_models() if issubclass(m, Event) and m._meta.managed and not m._meta.proxy]
    return sorted(found, key=lambda model: model._meta.db_table)


def log_models() -> list[Any]:
    """Append-only logs that are sealed beside the events."""
    found = [m for m in apps.get_models() if issubclass(m, SealedLog)]
    return sorted(found, key=lambda model: model._meta.db_table)


def sealed_models() -> list[Any]:
    """Every table whose rows are leaves of the log."""
    return [*event_models(), *log_models()]


def install() -> None:
    """Make both schemas anew. Runs as the database's owner, after migrations."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS asof CASCADE; DROP SCHEMA IF EXISTS trail CASCADE;")
        cursor.execute("CREATE SCHEMA asof; CREATE SCHEMA trail;")
        for event in event_models():
            cursor.execute(_leaf_view(event))
            cursor.execute(_asof_view(event))
        for log in log_models():
            cursor.execute(_log_leaf_view(log))
        for statement in (_every_leaf(), _arrived(), _activity(), _spine_view(), *_today_views()):
            cursor.execute(statement)
        cursor.execute(_dispose_function())
        cursor.execute(_erase_function())
        counters.install(cursor)
        cursor.execute(_NO_IGNORING)
        cursor.execute("GRANT USAGE ON SCHEMA asof, trail TO PUBLIC")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA asof, trail TO PUBLIC")


def _leaf_view(event: Any) -> str:
    """Canonical content: the row as JSON without nulls, values of redactable fields replaced by salted commitments."""
    table, names = event._meta.db_table, _redactable(event)
    hidden = ", ".join(f"'{name}'" for name in [*_UNSEALED, *names])
    commitments = ", ".join(f"'{name}', {_commitment(name)}" for name in names)
    return f"""
        CREATE VIEW trail."{table}" AS SELECT e.*, sha256('\\x00'::bytea || convert_to(content, 'UTF8')) AS hash FROM (
            SELECT '{table}'::text AS source, e.pgh_id AS event_id, {_object(event)} AS object_id, e.xid, e.recorded_at,
                (jsonb_strip_nulls(to_jsonb(e) - ARRAY[{hidden}]) ||
                 jsonb_build_object('source', '{table}', 'commitments', jsonb_build_object({commitments})))::text AS content
            FROM public."{table}" e
        ) e
    """


def _log_leaf_view(log: Any) -> str:
    """A log's rows have no parts to erase: they are sealed whole and disposed of whole."""
    table = log._meta.db_table
    content = f"(jsonb_strip_nulls(to_jsonb(e) - 'xid') || jsonb_build_object('source', '{table}'))::text"
    return f"""
        CREATE VIEW trail."{table}" AS SELECT '{table}'::text AS source, e.id AS event_id, NULL::bigint AS object_id,
            e.xid, e.recorded_at, {content} AS content,
            sha256('\\x00'::bytea || convert_to({content}, 'UTF8')) AS hash
        FROM public."{table}" e
    """


def _object(event: Any) -> str:
    """The row's key, where it is a number; rows named otherwise (a file by its digest) are no record's."""
    numbered = isinstance(event.pgh_tracked_model._meta.pk, models.BigAutoField | models.BigIntegerField)
    return "e.pgh_obj_id" if numbered else "NULL::bigint"


def _commitment(name: str) -> str:
    salted = f"convert_to(e.pgh_salt::text || ':{name}:' || COALESCE(e.\"{name}\"::text, ''), 'UTF8')"
    return f"COALESCE(e.pgh_redacted ->> '{name}', encode(sha256({salted}), 'hex'))"


def _every_leaf() -> str:
    parts = [
        f'SELECT source, event_id, object_id, xid, recorded_at, content, hash FROM trail."{e._meta.db_table}"'
        for e in sealed_models()
    ]
    return "CREATE VIEW trail.every AS " + " UNION ALL ".join(parts)


def _arrived() -> str:
    """The tables with events of these transactions. A function, for a session that asks again has its plans already.

    They are made for any numbers; without its setting they would read a table whole to find that nothing is new.
    """
    asked = "(xid >= low AND xid < horizon) OR xid >= unreached"
    each = "".join(
        f"IF EXISTS (SELECT FROM public.\"{table}\" WHERE {asked}) THEN RETURN NEXT '{table}'; END IF; "
        for table in (model._meta.db_table for model in sealed_models())
    )
    return f"""
        CREATE FUNCTION trail.arrived(low xid8, horizon xid8, unreached xid8) RETURNS SETOF text
        LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$ BEGIN {each} END $$
    """


def _activity() -> str:
    """Every event with the record it belongs to: its own row, or the root of the part."""
    parts = []
    for event in event_models():
        model, table = event.pgh_tracked_model, event._meta.db_table
        root = "NULL::bigint"
        if issubclass(model, Governed):
            root = "pgh_obj_id"
        elif issubclass(model, Part):
            root = f'"{model._meta.get_field(model.root).column}"'
        parts.append(
            f"SELECT '{table}'::text AS source, pgh_id AS event_id, {root} AS root_id, pgh_label AS label, "
            f'pgh_created_at AS at, recorded_at, xid, pgh_context AS context FROM public."{table}"'
        )
    return "CREATE VIEW trail.activity AS " + " UNION ALL ".join(parts)


def _asof_view(event: Any) -> str:
    """Each row's last event up to the moment, unless that was its deletion."""
    model = event.pgh_tracked_model
    rows = _last(event) if not hasattr(model, "tree_path") else _with_paths(model, _last(event))
    return f'CREATE VIEW asof."{model._meta.db_table}" AS {rows}'


def _last(event: Any) -> str:
    fields = event.pgh_tracked_model._meta.concrete_fields
    return _standing(event, ", ".join(f'{_then(event, field)} AS "{field.column}"' for field in fields))


def _standing(event: Any, columns: str) -> str:
    table = event._meta.db_table
    later = "(l.pgh_created_at, l.pgh_id) > (e.pgh_created_at, e.pgh_id)"
    return f"""
        SELECT {columns} FROM public."{table}" e
        WHERE e.pgh_created_at <= current_setting('aims.as_of')::timestamptz AND e.pgh_label <> 'delete'
        AND NOT EXISTS (
            SELECT FROM public."{table}" l WHERE l.pgh_obj_id = e.pgh_obj_id AND {later}
            AND l.pgh_created_at <= current_setting('aims.as_of')::timestamptz
        )
    """


def _with_paths(model: Any, rows: str) -> str:
    """A tree's rows with the column that `tree_path` names: keys from the root down, walked from the parents of then.

    Events do not keep it, for it follows from them.
    """
    columns = [field.column for field in model._meta.concrete_fields]
    chosen = ", ".join(f'w.way AS "{name}"' if name == model.tree_path else f'r."{name}"' for name in columns)
    return f"""
        WITH RECURSIVE rows AS ({rows}), walked AS (
            SELECT id, ARRAY[id] AS way FROM rows WHERE parent_id IS NULL
            UNION ALL SELECT r.id, w.way || r.id FROM rows r JOIN walked w ON r.parent_id = w.id
        ) SELECT {chosen} FROM rows r JOIN walked w USING (id)
    """


def _then(event: Any, field: Any) -> str:
    """The event's column; one that the trail never keeps (a password hash) reads as null, an erased one as gone."""
    if field.column in _redactable(event):
        return f"CASE WHEN e.pgh_redacted IS NULL THEN e.\"{field.column}\" ELSE ('{TOMBSTONE}-' || e.pgh_obj_id) END"
    if field.primary_key:  # by the name under which events are found by their row
        return "e.pgh_obj_id"
    if field.column in {kept.column for kept in event._meta.fields}:
        return f'e."{field.column}"'
    return f"NULL::{field.db_type(connection)}"


def _governed() -> list[type[Governed]]:
    return [model for model in apps.get_models() if issubclass(model, Governed)]


def _spine_view() -> str:
    """The spine as of the moment: every governed kind's rows, from their events. Over their views it takes longer to plan."""
    order = [field.column for field in Record._meta.concrete_fields]
    parts = []
    for model in _governed():
        event, fields = event_model(model), {field.column: field for field in model._meta.concrete_fields}
        values: dict[str | None, str] = {name: _then(event, fields[name]) for name in [*_SPINE, "updated_at"]}
        values["kind"] = f"'{model.kind}'::varchar"
        values["anchor_id"] = _then(event, fields[model.anchor]) if model.anchor else "NULL::bigint"
        parts.append(_standing(event, ", ".join(f'{values[column]} AS "{column}"' for column in order)))
    empty = ", ".join(f'NULL::{f.db_type(connection)} AS "{f.column}"' for f in Record._meta.concrete_fields)
    return "CREATE VIEW asof.aims_record AS " + " UNION ALL ".join(parts or [f"SELECT {empty} WHERE false"])


def _today_views() -> list[str]:
    """Where each record stands today, for permissions while reading the past; a deleted one at its last place.

    One view of all kinds, which takes long to plan, and for each kind one that leaves out what is gone of others. None
    has a condition on the living: the planner would not look them up by key any more.
    """
    living = (
        "SELECT id, ref, unit_id, owner_id, confidentiality, anchor_id, kind, state, created_at, updated_at, "
        "NULL::timestamptz AS gone_at FROM public.aims_record"
    )
    gone = {Today.table(model.kind): [_gone(model)] for model in _governed()}
    gone[Today._meta.db_table] = [rows for (rows,) in gone.values()]
    return [f'CREATE VIEW asof."{name}" AS {" UNION ALL ".join([living, *rows])}' for name, rows in gone.items()]


def _gone(model: type[Governed]) -> str:
    anchor = f'"{model.anchor}"' if model.anchor else "NULL::bigint"
    return (
        f"SELECT pgh_obj_id, ref, unit_id, owner_id, confidentiality, {anchor}, '{model.kind}', state, created_at, "
        f"updated_at, pgh_created_at FROM public.\"{event_model(model)._meta.db_table}\" WHERE pgh_label = 'delete'"
    )


def _switch(model: Any, state: str) -> str:
    """Statement that turns a table's append-only trigger off or on."""
    trigger = next(one for one in model._meta.triggers if one.name == "append_only")
    return f"EXECUTE 'ALTER TABLE public.\"{model._meta.db_table}\" {state} TRIGGER {trigger.get_pgid(model)}';"


def _dispose_function() -> str:
    """The one way rows of a retained log go: sealed ones, from the oldest on, after their time."""
    cases = "".join(
        f"""
        WHEN '{log._meta.db_table}' THEN
            {_switch(log, "DISABLE")}
            RETURN QUERY WITH gone AS (
                DELETE FROM public."{log._meta.db_table}" d WHERE d.recorded_at < before AND EXISTS (
                    SELECT FROM aims_leaf l WHERE l.source = table_name AND l.event_id = d.id)
                RETURNING d.id
            ) SELECT l.hash, l.event_id FROM aims_leaf l JOIN gone ON l.source = table_name AND l.event_id = gone.id;
            {_switch(log, "ENABLE")}"""
        for log in log_models()
        if log.retained
    )
    return f"""
        CREATE OR REPLACE FUNCTION public.aims_dispose(table_name text, before timestamptz)
        RETURNS TABLE (hash bytea, event_id bigint) LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF before > now() - interval '{SHORTEST_RETENTION}' THEN
                RAISE EXCEPTION 'kept for at least {SHORTEST_RETENTION}' USING ERRCODE = 'check_violation';
            END IF;
            CASE table_name WHEN '' THEN NULL; {cases}
            ELSE RAISE EXCEPTION '% is kept for ever', table_name USING ERRCODE = 'check_violation';
            END CASE;
        END $$
    """


def _erase_function() -> str:
    """The one way values leave events: an erasure that two people signed, commitments taking their place."""
    cases = "".join(_erase_case(event) for event in event_models() if _redactable(event))
    return f"""
        CREATE OR REPLACE FUNCTION public.aims_erase(erasure bigint, tombstone text)
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE asked public.aims_erasure;
        BEGIN
            SELECT * INTO asked FROM public.aims_erasure WHERE id = erasure FOR UPDATE;
            IF asked.approved_by_id IS NULL OR asked.approved_by_id = asked.asked_by_id OR asked.done_at IS NOT NULL THEN
                RAISE EXCEPTION 'an erasure needs two people and happens once' USING ERRCODE = 'check_violation';
            END IF;
            CASE asked.source WHEN '' THEN NULL; {cases}
            ELSE RAISE EXCEPTION 'nothing of % may be erased', asked.source USING ERRCODE = 'check_violation';
            END CASE;
        END $$
    """


def _redactable(event: Any) -> list[str]:
    return sorted(registry.redactable.get(event.pgh_tracked_model._meta.label, ()))


def _erase_case(event: Any) -> str:
    model, names = event.pgh_tracked_model, _redactable(event)
    live = ", ".join(f"\"{name}\" = tombstone || '-' || asked.object_id" for name in names)
    commitments = ", ".join(f"'{name}', {_commitment(name)}" for name in names)
    empty = ", ".join(f'"{name}" = NULL' for name in names)
    return f"""
        WHEN '{model._meta.db_table}' THEN
            UPDATE public."{model._meta.db_table}" SET {live} WHERE "{model._meta.pk.column}" = asked.object_id;
            {_switch(event, "DISABLE")}
            UPDATE public."{event._meta.db_table}" e SET pgh_redacted = jsonb_build_object({commitments}),
                pgh_salt = NULL, {empty} WHERE e.pgh_obj_id = asked.object_id AND e.pgh_redacted IS NULL;
            {_switch(event, "ENABLE")}"""
