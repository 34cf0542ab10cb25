"""Permits: read, checked and kept, so that a deployment can go on while AIMS cannot be reached."""

import base64
import json
import time
from pathlib import Path
from typing import Any

from aims_gate.ed25519 import verify

TYPE = "aims-permit+jws"
Claims = dict[str, Any]


class Invalid(Exception):
    """The permit does not hold; says why."""


def read(text: str, key: str = "", now: float | None = None) -> tuple[Claims, str]:
    """The claims of a permit and the key that signed it. Invalid when it was altered, expired, or signed by another key."""
    try:
        header, claims, signature = text.strip().split(".")
        about, said = json.loads(_decode(header)), json.loads(_decode(claims))
        kid, end = str(about["kid"]), float(said["exp"])
        good = verify(bytes.fromhex(kid), _decode(signature), f"{header}.{claims}".encode())
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("this is no permit") from error
    if about.get("typ") != TYPE or not good:
        raise Invalid("the permit was altered")
    if key and kid != key.lower():
        raise Invalid("another key signed the permit")
    if end < (time.time() if now is None else now):
        raise Invalid("the permit has expired")
    return said, kid


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


class Store:
    """A folder with the permits of the last answers, and the key they were signed with."""

    def __init__(self, folder: Path, key: str = "") -> None:
        self.folder, self.pinned = folder, key

    @property
    def key(self) -> str:
        """The key named, else that of the first permit kept here."""
        file = self.folder / "key"
        return self.pinned or (file.read_text().strip() if file.exists() else "")

    def keep(self, permit: str) -> None:
        """Check a permit that AIMS gave, and keep it for its system, environment and digest."""
        said, kid = read(permit, self.pinned)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "key").write_text(kid)
        self._file(said["sub"], said["environment"], said["digest"] or said["version"]).write_text(permit)

    def find(self, system: str, environment: str, digest: str, version: str) -> Claims:
        """The claims of a kept permit for the very same thing. Invalid when there is none, or it does not hold."""
        file = self._file(system.upper(), environment, digest or version)
        if not file.exists():
            raise Invalid("no permit is stored for this")
        if not self.key:
            raise Invalid("no key is known to check the stored permit with")
        said, _kid = read(file.read_text(), self.key)
        self.same(said, system, environment, digest, version)
        return said

    @staticmethod
    def same(said: Claims, system: str, environment: str, digest: str, version: str) -> None:
        """Invalid when the permit is for something else; references and numbers of versions know no case."""
        held = [str(said.get(name, "")) for name in ("sub", "environment", "digest", "version")]
        asked = [system.upper(), environment, digest, version.lower()]
        if [held[0].upper(), held[1], held[2], held[3].lower()] != asked:
            raise Invalid("the permit is for something else")

    def _file(self, *parts: str) -> Path:
        safe = "-".join("".join(sign if sign.isalnum() or sign in "._" else "_" for sign in part) for part in parts)
        return self.folder / f"{safe}.jws"
