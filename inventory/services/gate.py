"""Passing the gate: by stage, by release, by pilot, by breaking the glass; stopping; every attempt recorded (A.6.2.5)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import NotPermitted, WrongState, invalid
from aims.models import Installation
from aims.registry import registry
from aims.services import change, create, locked, move, require
from aims.trail import recording
from inventory import permits, policies
from inventory.facts import GateBypassed
from inventory.gate import GateQuestion
from inventory.gating import MET, UNMET, Answered, Passage, passage, passage_of
from inventory.models import AISystem, GateAttempt, GateMode, SystemVersion
from inventory.rulebook import asked, tier_rules
from inventory.services.envelope import envelope_of, stands_for
from inventory.services.rules import require_in_life, require_text
from inventory.states import ATTEMPT_LIFE, BUILT, LIFE_CYCLE, AttemptState, SystemStage, Way, edge_to
from organization.models import User

REVIEW_HOURS = 24  # within which a bypass is reviewed, and for which its permit holds


@dataclass(frozen=True)
class Brought:
    """What somebody wants to bring into an environment: which version, which model, or which vendor's product."""

    number: str
    environment: str = "production"
    digest: str = ""
    commit: str = ""
    vendor: str = ""
    product: str = ""
    configured_on: date | None = None


def ask_for_stage(
    system: AISystem, stage: str, *, by: User, capacity: str, reason: str, on: date
) -> GateAttempt | None:
    """Ask the gate before a stage; None when the way is free, else the refusal. Both are recorded, where there is a gate.

    Called inside the verb that moves the system; that verb refuses after its transaction, so that the refusal stays.
    """
    if system.state not in edge_to(stage).sources or not asked(stage, system.tier, on):
        return None
    release = system.versions.order_by("-pk").first()
    found = passage(newest_question(system, on), stage)
    state = AttemptState.ALLOWED if found.allowed else AttemptState.REFUSED
    made = _recorded(
        system, by, capacity, found, state=state, way=Way.STAGE, stage=stage, release=release,
        number=release.number if release else "", reason=reason,
    )  # fmt: skip
    return None if found.allowed else made


def newest_question(system: AISystem, on: date) -> GateQuestion:
    """What is asked about the newest version when nobody says where it goes."""
    release = system.versions.order_by("-pk").first()
    return GateQuestion(system, stands_for(release, on) if release is not None else None, "", on)


def look_at_gate(system: AISystem, brought: Brought, *, by: User, on: date) -> Passage:
    """What the gate would answer to a release now; nothing is recorded."""
    require(policies.can_ask_gate(by, system))
    release = _version(system, brought)
    if _permitted_before(system, release, brought):
        return _passed_before(system, on)
    return _release_passage(system, release, brought, on)


def ask_gate(system: AISystem, brought: Brought, *, by: User, at: datetime) -> GateAttempt:
    """Ask to bring a version into an environment. Allowed: the attempt carries a signed permit that expires.

    The same version again where it was permitted before (restart, scale-out, return) always passes. Every attempt is
    recorded and enters the register of decisions, refusals included. Raises NotPermitted, ValidationError.
    """
    capacity = require(policies.can_ask_gate(by, system))
    release = _version(system, brought)
    with recording(by, "ask_gate", capacity=capacity):
        current, on = locked(system), timezone.localtime(at).date()
        if _permitted_before(current, release, brought):
            return _again(current, release, brought, by, capacity, at)
        found = _release_passage(current, release, brought, on)
        until = at + timedelta(hours=tier_rules(current.tier, on)["permit_hours"])
        state = AttemptState.ALLOWED if found.allowed else AttemptState.REFUSED
        permit = _permit(current, release, brought, Way.RELEASE, at, until) if found.allowed else {}
        if found.allowed and current.stopped_on is not None:
            change(current, {"stopped_on": None})
        return _recorded(
            current, by, capacity, found, state=state, way=Way.RELEASE, release=release, reason=brought.commit,
            **_of(brought), **permit,
        )  # fmt: skip


def _version(system: AISystem, brought: Brought) -> SystemVersion:
    found = system.versions.filter(number__iexact=brought.number).first()
    if found is None:
        raise invalid(version=_("The register has no version %(number)s of this system.") % {"number": brought.number})
    if not brought.environment.strip():
        raise invalid(environment=_("Name the environment."))
    return found


def _release_passage(system: AISystem, release: SystemVersion, brought: Brought, on: date) -> Passage:
    question = _question(system, release, brought, on)
    return passage(question, SystemStage.DEPLOYMENT, [_bound(question, release, brought), _stage(system)])


def _question(system: AISystem, release: SystemVersion, brought: Brought, on: date) -> GateQuestion:
    return GateQuestion(system, stands_for(release, on), brought.environment, on)


def _stage(system: AISystem) -> Answered:
    text = _("The system has come to verification")
    if system.state in BUILT or system.state == SystemStage.RE_EVALUATION:
        return Answered("stage", text, (), MET)
    reason = _("It stands in “%(stage)s”.") % {"stage": LIFE_CYCLE.label(system.state)}
    return Answered("stage", text, (), UNMET, reason, f"/systems/{system.ref}/move/", never=system.retired)


def _bound(question: GateQuestion, release: SystemVersion, brought: Brought) -> Answered:
    """What is brought is what was assessed: the same digest, one inside the envelope, or the vendor's same version."""
    system = question.system
    text = _("What is brought is what was assessed")
    reason = _vendor_differs(system, release, brought) if system.third_party else _digest_differs(release, brought)
    if not reason and question.version == release:
        return Answered("digest", text, ("A.6.2.5",), MET)
    envelope = None if system.third_party else envelope_of(system, question.on, digest=brought.digest)
    if envelope is not None:
        inside = _("Inside the change envelope %(ref)s.") % {"ref": envelope.ref}
        return Answered("digest", text, ("A.6.2.5",), MET, inside, envelope.get_absolute_url())
    return Answered("digest", text, ("A.6.2.5",), UNMET, reason, f"/systems/{system.ref}/versions/")


def _digest_differs(release: SystemVersion, brought: Brought) -> str:
    if not release.digest:
        return _("Version %(number)s is not bound to a model.") % {"number": release.number}
    if not brought.digest:
        return _("No model digest was given.")
    return "" if brought.digest == release.digest else _("This model was not assessed.")


def _vendor_differs(system: AISystem, release: SystemVersion, brought: Brought) -> str:
    supplier = system.supplier.title if system.supplier is not None else ""
    if brought.product.lower() != system.vendor_product.lower():
        return _("The product assessed is “%(product)s”.") % {"product": system.vendor_product}
    if brought.vendor.lower() != supplier.lower():
        return _("The vendor assessed is “%(vendor)s”.") % {"vendor": supplier}
    if release.configured_on is not None and brought.configured_on != release.configured_on:
        return _("The configuration assessed is that of %(day)s.") % {"day": release.configured_on}
    return ""


def _permitted_before(system: AISystem, release: SystemVersion, brought: Brought) -> bool:
    """A full permit for the very same thing in the same environment that nobody withdrew."""
    if system.retired or (system.third_party and _vendor_differs(system, release, brought)):
        return False
    if not system.third_party and not brought.digest:
        return False
    rows = GateAttempt.objects.filter(system=system, release=release, environment=brought.environment)
    return bool(rows.filter(digest=brought.digest).permitted().exists())


def _again(
    system: AISystem, release: SystemVersion, brought: Brought, by: User, capacity: str, at: datetime
) -> GateAttempt:
    on = timezone.localtime(at).date()
    found = _passed_before(system, on)
    until = at + timedelta(hours=tier_rules(system.tier, on)["permit_hours"])
    return _recorded(
        system, by, capacity, found, state=AttemptState.ALLOWED, way=Way.AGAIN, release=release, reason=brought.commit,
        **_of(brought), **_permit(system, release, brought, Way.AGAIN, at, until),
    )  # fmt: skip


def _passed_before(system: AISystem, on: date) -> Passage:
    text = _("Permitted before and not withdrawn")
    return Passage(GateMode.objects.of(system.unit, system.tier, on), [Answered("again", text, ("A.6.2.5",), MET)])


def _of(brought: Brought) -> dict[str, Any]:
    return {
        "number": brought.number,
        "environment": brought.environment,
        "digest": brought.digest,
        "commit": brought.commit,
        "stage": SystemStage.DEPLOYMENT,
    }


def _permit(
    system: AISystem, release: SystemVersion, brought: Brought, way: str, at: datetime, until: datetime
) -> dict[str, Any]:
    """The permit as text with its end."""
    installation = Installation.objects.first()
    claims = {
        "iss": str(installation.pk) if installation else "",
        "jti": uuid.uuid4().hex,
        "sub": system.ref,
        "version": release.number,
        "digest": brought.digest,
        "vendor": brought.vendor,
        "product": brought.product,
        "environment": brought.environment,
        "commit": brought.commit,
        "way": str(way),
        "iat": int(at.timestamp()),
        "exp": int(until.timestamp()),
    }
    return {"permit": permits.sign(claims), "valid_until": until.replace(microsecond=0)}


def _recorded(
    system: AISystem, by: User, capacity: str, found: Passage, *, state: str, way: str, reason: str = "", **more: Any
) -> GateAttempt:
    """Keep the attempt with every answer, and enter it in the register of decisions."""
    where = more.get("environment") or (SystemStage(more["stage"]).label if more.get("stage") else "")
    made: GateAttempt = create(
        GateAttempt(
            system=system, unit=system.unit, owner=system.owner, confidentiality=system.confidentiality, state=state,
            way=way, mode=found.mode, items=[one.plain() for one in found.answers], asked_by=by, reason=reason,
            title=f"{system.title} {more.get('number', '')} → {where}".replace("  ", " ")[:200], **more,
        )
    )  # fmt: skip
    made.refresh_from_db()
    missing = "; ".join(one.text for one in found.unmet)
    with our_language():
        decide(
            made, by=by, capacity=capacity, sort="gate", question=_("May %(title)s?") % {"title": made.title},
            outcome=AttemptState(state).label, reason=missing or reason or _("Every item is met."),
            refused=state == AttemptState.REFUSED,
        )  # fmt: skip
    return made


# Other ways


def allow_pilot(
    system: AISystem, brought: Brought, *, by: User, terms: Mapping[str, Any], reason: str, until: date, at: datetime
) -> GateAttempt:
    """A permit for a few: `terms` name users or share of traffic, data, and when to stop. It ends by itself.

    A pilot asks fewer items (`pilot` of the tier). Raises NotPermitted, WrongState with what is unmet.
    """
    require_text(reason=reason, data_used=str(terms.get("data_used", "")), stop=str(terms.get("stop", "")))
    if not (terms.get("users") or terms.get("share")):
        raise invalid(users=_("Limit the users or the share of traffic."))
    on = timezone.localtime(at).date()
    if until <= on:
        raise invalid(until=_("A pilot ends on a day to come."))
    capacity = require(policies.can_allow_pilot(by, system))
    release = _version(system, brought)
    with recording(by, "allow_pilot", capacity=capacity, reason=reason):
        current = locked(system)
        require_in_life(current)
        question = _question(current, release, brought, on)
        named = tier_rules(current.tier, on)["items"]["pilot"]
        found = passage_of(question, named, [_bound(question, release, brought)])
        state = AttemptState.ALLOWED if found.allowed else AttemptState.REFUSED
        end = timezone.make_aware(datetime.combine(until, datetime.max.time()))
        permit = _permit(current, release, brought, Way.PILOT, at, end) if found.allowed else {}
        made = _recorded(
            current, by, capacity, found, state=state, way=Way.PILOT, release=release, reason=reason,
            pilot={**terms, "until": until.isoformat()}, **_of(brought), **permit,
        )  # fmt: skip
    if made.state == AttemptState.REFUSED:
        raise WrongState(_("The pilot may not begin."), unmet=unmet_of(made), attempt=made.ref)
    return made


def break_glass(system: AISystem, brought: Brought, *, by: User, reason: str, at: datetime) -> GateAttempt:
    """Deploy around the gate in an emergency. It opens a review of 24 hours; without authority it is a nonconformity.

    What the law prohibits does not pass here either. Raises NotPermitted, ValidationError, WrongState.
    """
    require_text(reason=reason)
    capacity = require(policies.can_break_glass(by, system))
    release = _version(system, brought)
    with recording(by, "break_glass", capacity=capacity, reason=reason):
        current, on = locked(system), timezone.localtime(at).date()
        found = _release_passage(current, release, brought, on)
        if found.never:
            raise WrongState(_("This passes on no way at all."), unmet=[one.as_unmet() for one in found.unmet])
        until = at + timedelta(hours=REVIEW_HOURS)
        authority = bool(policies.may_bypass(by, current))
        made = _recorded(
            current, by, capacity, found, state=AttemptState.BYPASSED, way=Way.BREAK_GLASS, release=release,
            reason=reason, review_by=until, by_authority=authority, due_on=timezone.localtime(until).date(),
            **_of(brought), **_permit(current, release, brought, Way.BREAK_GLASS, at, until),
        )  # fmt: skip
        if not authority:
            sentence = _("%(person)s went around the gate without authority.") % {"person": by}
            registry.announce(GateBypassed(current, made, "without_authority", sentence, by, on))
        return made


def review_bypass(
    attempt: GateAttempt, *, by: User, nonconformity: bool, reason: str, at: datetime, version: int | None = None
) -> GateAttempt:
    """Decide, as another person, whether going around the gate was a nonconformity. Without authority it always was."""
    require_text(reason=reason)
    capacity = require(policies.can_review_bypass(by, attempt))
    if by.pk == attempt.asked_by_id:
        raise NotPermitted(_("Who went around the gate does not review it."))
    with recording(by, "review_bypass", capacity=capacity, reason=reason):
        current = locked(attempt, version)
        _require_to_review(current)
        if not nonconformity and not current.by_authority:
            raise WrongState(_("Without authority it is always a nonconformity."))
        change(
            current,
            {
                "reviewed_by": by, "reviewed_at": at, "nonconformity": nonconformity, "review_reason": reason,
                "due_on": None,
            },
        )  # fmt: skip
        with our_language():
            decide(
                current, by=by, capacity=capacity, sort="gate", question=_("Was the bypass a nonconformity?"),
                outcome=_("Nonconformity") if nonconformity else _("No nonconformity"), reason=reason,
            )  # fmt: skip
        if nonconformity and current.by_authority:
            on = timezone.localtime(at).date()
            registry.announce(GateBypassed(current.system, current, "reviewed", reason, by, on))
        return current


def _require_to_review(attempt: GateAttempt) -> None:
    if attempt.review_by is None or attempt.reviewed_at is not None:
        raise WrongState(_("There is nothing to review, or somebody did already."))


def end_missed_reviews(*, at: datetime) -> int:
    """A bypass that nobody reviewed in time is a nonconformity; answers how many. Runs again harmlessly."""
    late = GateAttempt.objects.to_review().filter(review_by__lt=at)
    return sum(_miss(pk, at) for pk in list(late.order_by("pk").values_list("pk", flat=True)))


def _miss(pk: int, at: datetime) -> bool:
    sentence = _("Nobody reviewed it within %(hours)s hours.") % {"hours": REVIEW_HOURS}
    with recording(None, "end_missed_review", reason=sentence):
        current = locked(GateAttempt(pk=pk))
        if current.reviewed_at is not None:
            return False
        change(current, {"reviewed_at": at, "nonconformity": True, "review_reason": sentence, "due_on": None})
        if current.by_authority:
            on = timezone.localtime(at).date()
            registry.announce(GateBypassed(current.system, current, "review_missed", sentence, None, on))
        return True


def stop_system(system: AISystem, *, by: User, reason: str, at: datetime, environment: str = "") -> GateAttempt:
    """Emergency stop: every permit (of one environment, or all) is withdrawn at once; only a new permit ends it."""
    require_text(reason=reason)
    capacity = require(policies.can_stop_system(by, system))
    with recording(by, "stop_system", capacity=capacity, reason=reason):
        current = locked(system)
        require_in_life(current)
        rows = GateAttempt.objects.select_for_update().filter(system=current, state__in=["allowed", "bypassed"])
        rows = rows.exclude(permit="")
        for row in rows.filter(environment=environment) if environment else rows:
            move(row, ATTEMPT_LIFE, "withdraw")
        change(current, {"stopped_on": timezone.localtime(at).date()})
        found = Passage(GateMode.objects.of(current.unit, current.tier, timezone.localtime(at).date()), [])
        return _recorded(
            current, by, capacity, found, state=AttemptState.STOPPED, way=Way.STOP, reason=reason, environment=environment
        )  # fmt: skip


def withdraw_permit(attempt: GateAttempt, *, by: User, reason: str, version: int | None = None) -> GateAttempt:
    """Take a permit back: its version does not return by itself any more."""
    require_text(reason=reason)
    capacity = require(policies.can_withdraw_permit(by, attempt))
    with recording(by, "withdraw_permit", capacity=capacity, reason=reason):
        current = locked(attempt, version)
        if not current.permit:
            raise WrongState(_("There is no permit to withdraw."))
        move(current, ATTEMPT_LIFE, "withdraw")
        with our_language():
            decide(
                current, by=by, capacity=capacity, sort="gate", question=_("Does the permit still hold?"),
                outcome=_("Withdrawn"), reason=reason, refused=True,
            )  # fmt: skip
        return current


def unmet_of(attempt: GateAttempt) -> list[dict[str, str]]:
    """The unmet items of an attempt, as refusals list them."""
    return [
        {"id": one["id"], "sentence": f"{one['text']}: {one['reason']}" if one["reason"] else one["text"], "url": one["url"]}
        for one in attempt.unmet
    ]  # fmt: skip
