"""Roles and versions of systems."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from aims.errors import NotPermitted, Stale, WrongState
from aims.history import history
from inventory import services
from inventory.models import AISystem, LawRole, SystemRole, SystemVersion
from organization.models import Unit
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]
TODAY = make.TODAY


@pytest.fixture
def entity() -> Unit:
    made: Unit = UnitFactory(kind="legal_entity", name="Marktlicht GmbH")
    return made


def role_data(entity: Unit, **more: Any) -> dict[str, Any]:
    return {"role": "ai_producer", "sub_role": "ai_developer", "legal_entity": entity, "rationale": "Builds it", **more}


def law_data(entity: Unit, **more: Any) -> dict[str, Any]:
    return {"role": "provider", "legal_entity": entity, "rationale": "Own name", **more}


# Roles


def test_a_role_is_stated_with_its_legal_entity(entity: Unit) -> None:
    system = make.system()
    role = services.add_role(system, by=make.manager(), data=role_data(entity))
    assert str(role) == "AI developer"
    assert history(system)[0].sentence == "added the ISO role “AI developer”"


def test_a_role_without_sub_role_is_called_by_the_role(entity: Unit) -> None:
    assert str(SystemRole(role="ai_customer")) == "AI customer"
    assert str(LawRole(role="deployer")) == "Deployer"


def test_a_role_before_the_law_is_stated(entity: Unit) -> None:
    system = make.system()
    services.add_law_role(system, by=make.manager(), data=law_data(entity))
    assert history(system)[0].sentence == "added the EU AI Act role “Provider”"


def test_a_department_holds_no_role() -> None:
    with pytest.raises(ValidationError) as error:
        services.add_role(make.system(), by=make.manager(), data=role_data(UnitFactory()))
    assert set(error.value.message_dict) == {"legal_entity"}


def test_a_role_says_why(entity: Unit) -> None:
    with pytest.raises(ValidationError) as error:
        services.add_role(make.system(), by=make.manager(), data=role_data(entity, rationale=" "))
    assert set(error.value.message_dict) == {"rationale"}


@pytest.mark.parametrize("wrong", [{"sub_role": "ai_user"}, {"role": "wild", "sub_role": ""}])
def test_a_role_that_does_not_exist_is_refused(entity: Unit, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        services.add_role(make.system(), by=make.manager(), data=role_data(entity, **wrong))


def test_a_role_is_held_once(entity: Unit) -> None:
    system = make.system()
    services.add_role(system, by=make.manager(), data=role_data(entity))
    with pytest.raises(ValidationError, match="already has this role"):
        services.add_role(system, by=make.manager(), data=role_data(entity))


def test_a_role_is_corrected(entity: Unit) -> None:
    system = make.system()
    role = services.add_role(system, by=make.manager(), data=role_data(entity))
    services.change_role(role, by=make.manager(), data={"rationale": "Trains it"}, reason="Typo")
    role.refresh_from_db()
    assert role.rationale == "Trains it"


def test_a_corrected_role_keeps_a_reason_why(entity: Unit) -> None:
    role = services.add_role(make.system(), by=make.manager(), data=role_data(entity))
    with pytest.raises(ValidationError):
        services.change_role(role, by=make.manager(), data={"rationale": ""})


def test_a_role_is_taken_away_with_a_reason_and_its_history_stays(entity: Unit) -> None:
    system = make.system()
    role = services.add_role(system, by=make.manager(), data=role_data(entity))
    services.remove_role(role, by=make.manager(), reason="Sold")
    told = history(system)[0]
    assert (told.sentence, told.reason) == ("removed the ISO role “AI developer”", "Sold")
    assert not system.roles.exists()


def test_taking_a_role_away_needs_a_reason(entity: Unit) -> None:
    role = services.add_role(make.system(), by=make.manager(), data=role_data(entity))
    with pytest.raises(ValidationError):
        services.remove_role(role, by=make.manager(), reason="")


def test_a_stale_system_gets_no_role(entity: Unit) -> None:
    system = make.system()
    with pytest.raises(Stale):
        services.add_role(system, by=make.manager(), data=role_data(entity), version=system.version - 1)
    assert not system.roles.exists()


@pytest.mark.parametrize("verb", ["add", "change", "remove"])
def test_roles_need_an_owners_role(entity: Unit, verb: str) -> None:
    system, someone = make.system(), person(Role.CONTRIBUTOR)
    role = services.add_role(system, by=make.manager(), data=role_data(entity))
    acts: dict[str, Any] = {
        "add": lambda: services.add_law_role(system, by=someone, data=law_data(entity)),
        "change": lambda: services.change_role(role, by=someone, data={"rationale": "x"}),
        "remove": lambda: services.remove_role(role, by=someone, reason="x"),
    }
    with pytest.raises(NotPermitted):
        acts[verb]()


def test_a_retired_system_keeps_its_roles(entity: Unit) -> None:
    system = make.system(retirement_plan="x")
    role = services.add_role(system, by=make.manager(), data=role_data(entity))
    services.retire_system(system, by=make.manager(), reason="x", on=TODAY)
    role.system.refresh_from_db()
    for act in (
        lambda: services.remove_role(role, by=make.manager(), reason="x"),
        lambda: services.change_role(role, by=make.manager(), data={"rationale": "y"}),
    ):
        with pytest.raises(WrongState):
            act()


# Versions


def in_use() -> AISystem:
    return make.system(stage="operation_monitoring")


def test_a_version_is_recorded_without_being_in_use() -> None:
    version = make.version(make.system(), "1.0")
    assert (str(version), version.live, version.digest) == ("1.0", False, make.DIGEST)


def test_a_contributor_and_a_pipeline_record_versions() -> None:
    system = make.system()
    for number, role in (("1", Role.CONTRIBUTOR), ("2", Role.INTEGRATION)):
        services.add_version(system, by=person(role), data={"number": number}, on=make.TODAY)
    assert system.versions.count() == 2


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"number": ""}, "number"), ({"number": "x" * 41}, "number"), ({"number": "1", "digest": "abc"}, "digest")],
)
def test_a_version_that_makes_no_sense_is_refused(fields: dict[str, str], wrong: str) -> None:
    with pytest.raises(ValidationError) as error:
        services.add_version(make.system(), by=make.manager(), data=fields, on=make.TODAY)
    assert wrong in error.value.message_dict


def test_a_number_is_used_once() -> None:
    system = make.system()
    make.version(system, "1.0")
    with pytest.raises(ValidationError, match="number is taken"):
        make.version(system, "1.0")


def test_releasing_ends_the_version_in_use_the_same_day() -> None:
    system = in_use()
    first = make.version(system, "1", live_from=date(2026, 1, 1))
    second = make.version(system, "2", live_from=date(2026, 2, 1))
    first.refresh_from_db()
    assert (first.live_until, first.live, second.live) == (date(2026, 2, 1), False, True)


def test_a_release_is_from_today_unless_another_day_is_said() -> None:
    version = services.release_version(make.version(in_use()), by=make.manager(), on=TODAY)
    assert version.live_from == TODAY


def test_a_release_is_not_in_the_future() -> None:
    with pytest.raises(ValidationError) as error:
        make.version(in_use(), live_from=TODAY + timedelta(days=1))
    assert set(error.value.message_dict) == {"live_from"}


def test_a_release_does_not_begin_before_the_one_it_replaces() -> None:
    system = in_use()
    make.version(system, "1", live_from=date(2026, 2, 1))
    with pytest.raises(ValidationError, match="before the start"):
        make.version(system, "2", live_from=date(2026, 1, 1))
    assert system.versions.filter(live_until=None, live_from__isnull=False).count() == 1


def test_a_version_is_released_once() -> None:
    version = make.version(in_use(), live_from=TODAY)
    with pytest.raises(WrongState, match="already"):
        services.release_version(version, by=make.manager(), on=TODAY)


@pytest.mark.parametrize("stage", ["inception", "verification_validation", "re_evaluation"])
def test_a_version_is_released_in_deployment_or_operation(stage: str) -> None:
    with pytest.raises(WrongState, match="deployment or operation"):
        make.version(make.system(stage=stage), live_from=TODAY)


def test_a_contributor_releases_nothing() -> None:
    with pytest.raises(NotPermitted):
        services.release_version(make.version(in_use()), by=person(Role.CONTRIBUTOR), on=TODAY)


def test_the_model_of_a_released_version_stays() -> None:
    version = make.version(in_use(), live_from=TODAY)
    with pytest.raises(WrongState, match="another version"):
        services.change_version(version, by=make.manager(), data={"digest": "f" * 64})
    changed = services.change_version(version, by=make.manager(), data={"digest": make.DIGEST, "notes": "Typo"})
    assert changed.notes == "Typo"


def test_a_released_version_without_digest_may_get_one() -> None:
    version = make.version(in_use(), digest=None, live_from=TODAY)
    assert services.change_version(version, by=make.manager(), data={"digest": make.DIGEST}).digest == make.DIGEST


def test_a_version_is_taken_out_of_use_with_a_reason() -> None:
    system = in_use()
    version = make.version(system, live_from=date(2026, 1, 1))
    ended = services.end_version(version, by=make.manager(), on=TODAY, reason="Fault")
    assert (ended.live_until, ended.live) == (TODAY, False)
    earlier = make.version(system, "2", live_from=TODAY)
    services.end_version(earlier, by=make.manager(), on=TODAY + timedelta(days=9), live_until=TODAY, reason="x")


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"reason": ""}, ValidationError), ({"live_until": TODAY + timedelta(days=1)}, ValidationError)],
)
def test_an_end_that_makes_no_sense_is_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    version = make.version(in_use(), live_from=TODAY)
    with pytest.raises(error):
        services.end_version(version, by=make.manager(), on=TODAY, **{"reason": "x", **changes})


def test_only_a_version_in_use_is_taken_out_of_use() -> None:
    with pytest.raises(WrongState, match="not in use"):
        services.end_version(make.version(in_use()), by=make.manager(), on=TODAY, reason="x")


def test_a_stale_system_releases_nothing() -> None:
    system = in_use()
    version = make.version(system)
    with pytest.raises(Stale):
        services.release_version(version, by=make.manager(), on=TODAY, version=system.version)
    assert SystemVersion.objects.get(pk=version.pk).live_from is None
