"""Who is asked to read a document: one statement for every document and person at once. Clause 7.3.

The twin for one person is `DocumentQuerySet.asked_of`. A role counts where it is held on the document's unit, above it
or below; who holds no role of the house is asked nothing.
"""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from evidence.models import Acknowledgement, Document
from evidence.states import AUDIENCE_ROLES
from organization.models import User

# Needs %(on)s, %(house)s and %(only)s (a document's key, or null for all): gives document_id, person_id, read_from.
ASKED = """
    WITH held AS MATERIALIZED (
        SELECT g.person_id, p.codename AS role, u.id AS unit_id, u.path
        FROM (
            SELECT user_id AS person_id, permission_id, content_object_id, valid_from, valid_until, ended_at
            FROM organization_unitgrant
            UNION ALL
            SELECT m.user_id, g.permission_id, g.content_object_id, g.valid_from, g.valid_until, g.ended_at
            FROM organization_unitgroupgrant g JOIN organization_membership m ON m.group_id = g.group_id
        ) g
        JOIN auth_permission p ON p.id = g.permission_id AND p.codename = ANY(%(house)s)
        JOIN organization_unit u ON u.id = g.content_object_id
        JOIN organization_user o ON o.id = g.person_id AND o.is_active AND NOT o.is_program
        WHERE g.valid_from <= %(on)s AND (g.valid_until IS NULL OR g.valid_until >= %(on)s) AND g.ended_at IS NULL
    ), told AS MATERIALIZED (
        SELECT d.id, d.unit_id, d.audience, d.roles, d.read_from, u.path
        FROM evidence_document d JOIN organization_unit u ON u.id = d.unit_id
        WHERE d.state = 'effective' AND d.audience <> 'nobody' AND (%(only)s::bigint IS NULL OR d.id = %(only)s)
    ), asked AS MATERIALIZED (
        SELECT t.id AS document_id, o.id AS person_id, t.read_from
        FROM told t JOIN organization_unit u ON t.unit_id = ANY(u.path) JOIN organization_user o ON o.unit_id = u.id
        WHERE t.audience = 'everybody' AND o.id IN (SELECT person_id FROM held)
        UNION
        SELECT t.id, h.person_id, t.read_from
        FROM told t JOIN held h ON h.role = ANY(t.roles) AND (t.unit_id = ANY(h.path) OR h.unit_id = ANY(t.path))
        WHERE t.audience = 'roles'
    )
"""


def known(on: date, only: int | None = None) -> dict[str, Any]:
    """What ASKED needs."""
    return {"on": on, "house": [role.value for role in AUDIENCE_ROLES], "only": only}


def asked_to_read(document: Document, *, on: date) -> list[int]:
    """Keys of everybody who is asked to read the document."""
    with connection.cursor() as cursor:
        cursor.execute(f"{ASKED} SELECT person_id FROM asked", known(on, document.pk))
        return [row[0] for row in cursor.fetchall()]


def readers_of(document: Document, *, on: date) -> Any:
    """Everybody who is asked to read the document, each with `read_at` (None: not yet)."""
    done = Acknowledgement.objects.counting_for(document).filter(person=OuterRef("pk")).order_by("at")
    people = User.objects.filter(pk__in=asked_to_read(document, on=on)).select_related("unit")
    return people.annotate(read_at=Subquery(done.values("at")[:1]))


def has_read(document: Document, person: Any) -> bool:
    """Whether the person said that they read what is in force, or a version that says the same."""
    return bool(Acknowledgement.objects.counting_for(document).filter(person=person.pk).exists())


def counts(*, on: date) -> dict[int, tuple[int, int]]:
    """Document → how many are asked to read it, and how many have."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{ASKED} SELECT a.document_id, count(*), count(*) FILTER (WHERE EXISTS ("
            "SELECT FROM evidence_acknowledgement k JOIN evidence_documentversion v ON v.id = k.document_version_id "
            "WHERE v.document_id = a.document_id AND v.number >= a.read_from AND k.person_id = a.person_id)) "
            "FROM asked a GROUP BY a.document_id",
            known(on),
        )
        return {document: (people, done) for document, people, done in cursor.fetchall()}
