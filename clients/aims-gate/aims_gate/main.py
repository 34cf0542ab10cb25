"""aims-gate: may this version be deployed? Exit status 0 allowed, 1 refused, 2 unreachable or misused."""

import argparse
import http.client
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aims_gate.permit import Invalid, Store, read

ALLOWED, REFUSED, BROKEN = 0, 1, 2
TIMEOUT = 30.0
STRANGE = "this is not the answer of AIMS"


class Unreachable(Exception):
    """AIMS did not answer, or not as AIMS."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit status."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (Unreachable, OSError) as error:
        return _say(f"aims-gate: {error}", BROKEN)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="aims-gate", description="May this version of an AI system be deployed?")
    commands = parser.add_subparsers(required=True, metavar="command")
    ask = commands.add_parser("ask", help="ask to bring a version into an environment")
    _what(ask)
    ask.add_argument("system")
    ask.add_argument("--version", required=True)
    ask.add_argument("--commit", default="")
    ask.add_argument("--vendor", default="")
    ask.add_argument("--product", default="")
    ask.add_argument("--configured-on", default=None)
    ask.add_argument("--dry-run", action="store_true", help="only list what would stop it")
    ask.set_defaults(run=_ask)
    deployed = commands.add_parser("deployed", help="report everything that runs in an environment")
    deployed.add_argument("system")
    deployed.add_argument("--environment", required=True)
    deployed.add_argument("--running", action="append", default=[], metavar="VERSION[:DIGEST]")
    deployed.set_defaults(run=_deployed)
    check = commands.add_parser("verify", help="check a permit without asking AIMS")
    check.add_argument("permit", type=Path)
    check.add_argument("--key", default=os.environ.get("AIMS_GATE_KEY", ""), help="public key, 64 hex digits")
    _what(check)
    check.set_defaults(run=_verify)
    return parser


def _what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--digest", default="", help="SHA-256 of the model")
    parser.add_argument("--environment", required=True)


def _ask(given: argparse.Namespace) -> int:
    names = ("version", "digest", "environment", "commit", "vendor", "product", "configured_on", "dry_run")
    body = {name: getattr(given, name) for name in names}
    try:
        status, answer = _post(f"systems/{given.system}/gate/", body)
    except Unreachable as error:
        return _stored(given, error)
    if status == 409:
        return _refused(answer)
    if status != 200:
        return _say(f"aims-gate: {_told(status, answer)}", BROKEN)
    if answer.get("allowed") is not True:
        raise Unreachable(STRANGE)
    for item in answer.get("unmet", []):
        print(f"  unmet  {item['sentence']}")
    if given.dry_run:
        print("would be allowed")
        return ALLOWED
    _keep(given, str(answer.get("permit", "")))
    print(f"allowed: {answer.get('attempt')}, permit until {answer.get('valid_until')}")
    return ALLOWED


def _keep(given: argparse.Namespace, permit: str) -> None:
    """Keep the permit for a time without AIMS; that it cannot be written stops nobody, one that does not hold does."""
    store = _store()
    try:
        said, _kid = read(permit, store.pinned)
        store.same(said, given.system, given.environment, given.digest, given.version)
    except Invalid as error:
        raise Unreachable(f"{STRANGE}: {error}") from error
    try:
        store.keep(permit)
    except OSError as error:
        _say(f"aims-gate: the permit was not kept: {error}", ALLOWED)


def _refused(answer: dict[str, Any]) -> int:
    unmet: list[dict[str, str]] = answer.get("unmet", [])
    print(f"refused{': ' + answer['attempt'] if answer.get('attempt') else ''}")
    base = os.environ.get("AIMS_URL", "").rstrip("/")
    for item in unmet:
        print(f"  unmet  {item['sentence']}" + (f"  {base}{item['url']}" if item.get("url") else ""))
    return REFUSED


def _stored(given: argparse.Namespace, error: Unreachable) -> int:
    if given.dry_run:
        return _say(f"aims-gate: {error}", BROKEN)
    try:
        said = _store().find(given.system, given.environment, given.digest, given.version)
    except Invalid as none:
        return _say(f"aims-gate: {error}; {none}", BROKEN)
    print(f"allowed by the stored permit {said['jti']} ({error})")
    return ALLOWED


def _deployed(given: argparse.Namespace) -> int:
    running = [dict(zip(("version", "digest"), [*one.split(":", 1), ""])) for one in given.running]
    status, answer = _post(f"systems/{given.system}/deployed/", {"environment": given.environment, "running": running})
    if status != 200:
        return _say(f"aims-gate: {_told(status, answer)}", BROKEN)
    if "seen" not in answer:
        raise Unreachable(STRANGE)
    print(f"reported: {len(running)} running in {given.environment}")
    return ALLOWED


def _verify(given: argparse.Namespace) -> int:
    key = given.key or _store().key
    if not key:
        return _say("aims-gate: name the key of the installation with --key or AIMS_GATE_KEY", BROKEN)
    try:
        said, kid = read(given.permit.read_text(), key)
    except Invalid as error:
        return _say(f"refused: {error}", REFUSED)
    if said.get("environment") != given.environment or (given.digest and said.get("digest") != given.digest):
        return _say("refused: the permit is for something else", REFUSED)
    print(f"valid: {said['sub']} {said['version']} in {said['environment']}, signed by {kid}")
    return ALLOWED


def _store() -> Store:
    return Store(Path(os.environ.get("AIMS_GATE_STORE", ".aims-gate")), os.environ.get("AIMS_GATE_KEY", ""))


def _post(path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Status and JSON answer. Unreachable when AIMS does not answer, or with an error of its own."""
    base, token = os.environ.get("AIMS_URL", "").rstrip("/"), os.environ.get("AIMS_TOKEN", "")
    if not base.startswith(("http://", "https://")) or not token:
        raise OSError("set AIMS_URL and AIMS_TOKEN")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json"}
    try:
        request = urllib.request.Request(
            f"{base}/api/v1/{urllib.parse.quote(path)}", json.dumps(body).encode(), headers
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.status, _json(answer.read())
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise Unreachable(f"AIMS answers {error.code}") from error
        return error.code, _json(error.read())
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise Unreachable(f"AIMS cannot be reached: {getattr(error, 'reason', error)}") from error
    except ValueError as error:
        raise OSError(f"AIMS_URL or AIMS_TOKEN cannot be used: {error}") from error


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError as error:
        raise Unreachable(STRANGE) from error
    return found if isinstance(found, dict) else {}


def _told(status: int, answer: dict[str, Any]) -> str:
    fields = "; ".join(f"{one.get('pointer', '')} {one.get('detail', '')}".strip() for one in answer.get("errors", []))
    return f"{status} {answer.get('title', '')}: {fields or answer.get('detail', '')}"


def _say(text: str, status: int) -> int:
    print(text, file=sys.stderr)
    return status
