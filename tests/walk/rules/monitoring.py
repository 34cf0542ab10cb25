"""Who may what at the addresses of concerns."""

from tests.walk.rules.words import ADDRESSED, ANYBODY, READ, SEEN, SIGNED_IN

_VERBS = ("acknowledge", "look", "outcome", "close", "reopen", "assign", "involve", "link", "unlink", "write", "note")

PAGES: dict[str, str] = {
    "concern_list": SIGNED_IN,
    "concern_figures": "concern.count",
    "concern_detail": SEEN,
    "concern_tab": SEEN,
    **{f"concern_{verb}": "concern.handle" for verb in _VERBS},
    # Everybody raises one and reads their own; tests/monitoring tries it.
    "concern_raise": ADDRESSED,
    "concern_mine": SIGNED_IN,
    "concern_own": ADDRESSED,
    "concern_anonymous": ANYBODY,
    "concern_receipt": ANYBODY,
}
API: dict[str, dict[str, str]] = {
    "concerns": {**READ, "create": ADDRESSED, **dict.fromkeys(_VERBS, "concern.handle")},
}
