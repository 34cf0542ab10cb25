"""Permits: what the gate allowed, signed with the installation's Ed25519 key as a compact JWS, verifiable offline.

The header's type keeps permits apart from everything else that the key signs. `clients/aims-gate` checks them with the
standard library alone.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aims.keys import current, public_hex, signed_by, signing_key
from aims.models import SealKey

TYPE = "aims-permit+jws"


class Refused(Exception):
    """A permit that does not hold; says why."""


def sign(claims: Mapping[str, Any]) -> str:
    """The permit as text: header.claims.signature."""
    key = signing_key()
    current(key)
    header = {"alg": "EdDSA", "typ": TYPE, "kid": public_hex(key)}
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{_encode(key.sign(signed.encode()))}"


def verify(permit: str, at: datetime) -> dict[str, Any]:
    """The claims of a permit that one of this installation's keys signed and that has not expired; else Refused."""
    try:
        header, claims, signature = permit.split(".")
        about, said = _read(header), _read(claims)
        sign_bytes = _decode(signature)
    except (ValueError, TypeError) as error:
        raise Refused("This is no permit.") from error
    kid = str(about.get("kid", ""))
    known = about.get("typ") == TYPE and SealKey.objects.filter(public=kid).exists()
    if not known or not signed_by(kid, sign_bytes.hex(), f"{header}.{claims}".encode()):
        raise Refused("This permit was altered, or somebody else signed it.")
    if datetime.fromtimestamp(said["exp"], UTC) < at:
        raise Refused("This permit has expired.")
    return said


def _part(value: Mapping[str, Any]) -> str:
    return _encode(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _read(text: str) -> dict[str, Any]:
    found = json.loads(_decode(text))
    if not isinstance(found, dict):
        raise ValueError(text)
    return found
