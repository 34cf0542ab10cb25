"""API tokens: issued once, kept as a digest, dead with their owner."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.registry import registry
from aims.services import change, create, locked, require
from aims.trail import recording
from organization import policies
from organization.models import ApiToken, User

MARK = "aims_"
LONGEST = timedelta(days=366)
READ = "read"
SHAPE = re.compile(MARK + r"[0-9a-f]{8}_[A-Za-z0-9_-]{43}")


def issue_token(
    owner: User, *, by: User, name: str, scopes: Sequence[str], expires_at: datetime, at: datetime, reason: str = ""
) -> tuple[ApiToken, str]:
    """Issue a key for a program that acts as `owner`. Answers the row and the secret, which is never shown again.

    In: `scopes` are `read` and registered verbs that do not decide. Errors: NotPermitted, ValidationError by field.
    """
    capacity = require(policies.can_issue_token(by, owner))
    prefix = MARK + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken(owner=owner, name=name.strip(), prefix=prefix, digest=digest(secret), expires_at=expires_at)
    token.scopes = _checked_scopes(scopes)
    if not at < expires_at <= at + LONGEST:
        raise invalid(expires_at=_("A token lives for one year at most."))
    with recording(by, "issue_token", capacity=capacity, reason=reason):
        create(token)
        token.refresh_from_db()
    return token, secret


def revoke_token(token: ApiToken, *, by: User, at: datetime, version: int | None = None, reason: str = "") -> ApiToken:
    """Kill a token at once. Errors: NotPermitted, Stale, WrongState when it is dead already."""
    capacity = require(policies.can_revoke_token(by, token))
    with recording(by, "revoke_token", capacity=capacity, reason=reason):
        current = locked(token, version)
        if current.revoked_at:
            raise WrongState(_("This token is revoked already."))
        return change(current, {"revoked_at": at})


def check_token(text: str, *, at: datetime) -> ApiToken | None:
    """The live token whose secret this is, or None. Its use is noted at most once a minute."""
    if not SHAPE.fullmatch(text):
        return None
    token = ApiToken.objects.live(at=at).select_related("owner").filter(prefix=text[: len(MARK) + 8]).first()
    kept = token.digest if token else "0" * 64
    if not secrets.compare_digest(kept, digest(text)) or token is None:
        return None
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - timedelta(minutes=1))
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
    return token


def digest(secret: str) -> str:
    """SHA-256; the secret is 256 random bits, so that nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def possible_scopes() -> list[str]:
    """`read`, and every registered verb that does not decide."""
    return [READ, *sorted(verb for verb in registry.verbs if verb not in registry.deciding)]


def _checked_scopes(scopes: Sequence[str]) -> list[str]:
    unknown = set(scopes) - set(possible_scopes())
    if unknown:
        raise invalid(scopes=_("A token cannot do this: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    if not scopes:
        raise invalid(scopes=_("Choose what the token may do."))
    return sorted(set(scopes))
