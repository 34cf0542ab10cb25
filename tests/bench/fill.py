"""A large organization by set-based SQL, every trigger on: 1,111 units, 100,000 systems with two parts each tenth."""

from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from aims import clock
from aims.history import event_model
from aims.registry import registry
from aims.trail import recording
from inventory.models import AISystem
from organization.models import Unit, UnitGrant, User

LONG_AGO = date(2020, 1, 1)
BEGUN = timedelta(days=400)  # so long ago the organization was made
ROUNDS = 9  # so often every system changed since
SINGLES = 20


def migrate() -> None:
    call_command("migrate", verbosity=0)
    for step in registry.setup_steps:
        step()


def fill(systems: int) -> None:
    """Units, people of five kinds, systems. Statistics are gathered at the end, as autovacuum would."""
    with clock.at(timezone.now() - BEGUN), recording(None, "bench"):
        units = _units()
        people = _people(units)
        _systems(systems, people["officer"])
        _single_grants(people["single"])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _units() -> list[Unit]:
    root = Unit.objects.filter(parent=None).first() or Unit.objects.create(name="Whole", kind="group")
    level, everything = [root], [root]
    for kind in ("legal_entity", "site", "department"):
        level = Unit.objects.bulk_create(
            [Unit(name=f"{kind} {above.pk}-{n}", kind=kind, parent=above) for above in level for n in range(10)]
        )
        everything += level
    return everything


def _people(units: list[Unit]) -> dict[str, User]:
    """One of each kind the budgets name, and a small unit for who reads only that."""
    places = {"officer": ("aims_manager", units[0]), "wide": ("reader", units[1]), "typical": ("reader", units[11])}
    places |= {"reader": ("reader", units[-1]), "single": ("reader", units[-2]), "nobody": ("", units[0])}
    made = {}
    for name, (role, unit) in places.items():
        person = User(email=f"{name}@bench.example", name=name.title(), unit=units[0])
        person.set_unusable_password()
        person.save()
        made[name] = person
        if role:
            permission = Permission.objects.get(
                codename=role, content_type__app_label="organization", content_type__model="unit"
            )
            UnitGrant.objects.create(
                user=person, permission=permission, content_object=unit, reason="bench", valid_from=LONG_AGO
            )
    return made


def _systems(number: int, owner: User) -> None:
    """One system through the ORM is the pattern; the others are its copies in other units, times and states."""
    root = Unit.objects.get(parent=None)
    pattern = AISystem.objects.create(title="Pattern", unit=root, owner=owner, purpose="To be copied. " * 20)
    own = {
        "title": "'System ' || n || ' ' || (ARRAY['fraud','pricing','routing','search','triage'])[1 + n %% 5]",
        "unit_id": "u.ids[1 + (n * 7919) %% array_length(u.ids, 1)]",
        "state": "(ARRAY['inception','design_development','verification_validation'])[1 + n %% 3]",
        "confidentiality": "CASE WHEN n %% 100 = 0 THEN 'case' WHEN n %% 20 = 0 THEN 'restricted' ELSE 'normal' END",
        "due_on": "CASE WHEN n %% 3 = 0 THEN NULL ELSE current_date + (n %% 700 - 300) END",
        "updated_at": "aims_now() + n * interval '1 second'",
        "created_at": "aims_now() + n * interval '1 second'",
        "version": "1",
    }
    columns = [f.column for f in AISystem._meta.concrete_fields if f.column not in ("id", "ref")]
    values = ", ".join(own.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{AISystem._meta.db_table}" ({names}) SELECT {values} '
            f'FROM "{AISystem._meta.db_table}" t, generate_series(1, %s) n, '
            "(SELECT array_agg(id ORDER BY id) AS ids FROM organization_unit) u WHERE t.id = %s",
            [number, pattern.pk],
        )


def history() -> None:
    """Every system changes ROUNDS times between its making and today; made once, for what reads the past."""
    events, systems = event_model(AISystem).objects, AISystem.objects.count()
    if events.count() >= ROUNDS * systems:
        return
    first = events.filter(pgh_label="insert").aggregate(at=Max("pgh_created_at"))["at"]
    step = (timezone.now() - first) / (ROUNDS + 1)
    for number in range(1, ROUNDS + 1):
        with clock.at(first + number * step), recording(None, "bench"), connection.cursor() as cursor:
            # Each row's own time of change, spread over the round, is told to the version's trigger by the way.
            cursor.execute(
                f"UPDATE \"{AISystem._meta.db_table}\" t SET purpose = t.purpose || left(set_config('aims.clock', "
                "(%s::timestamptz + (t.id %% 100000) * %s::interval / 100000)::text, true), 0) || '.'",
                [first + (number - 1) * step, step],
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _single_grants(person: User) -> None:
    """Twenty systems here and there, each granted alone."""
    model = registry.grant_models[0]
    permission = Permission.objects.get(
        codename="reader", content_type__app_label="inventory", content_type__model="aisystem"
    )
    reached = person.access.seen_units
    for system in (
        AISystem.objects.exclude(unit__in=reached).filter(confidentiality="normal").order_by("ref")[: SINGLES * 50 : 50]
    ):
        model.objects.create(
            user=person, permission=permission, content_object=system, reason="bench", valid_from=LONG_AGO
        )
