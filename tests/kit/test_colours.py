"""The tokens: every pair of ink and ground that the kit uses reaches AA, in light and in dark."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static/css"
TONES = ("good", "warn", "bad", "info", "neutral")
GROUNDS = ("canvas", "surface", "sunken", "raised", "hover")
TEXT = (
    [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent", "accent-hover", "bad") for ground in GROUNDS]
    + [(tone, f"{tone}-soft") for tone in TONES]
    + [
        ("accent", "accent-soft"),
        ("ink", "accent-soft"),
        ("ink-3", "neutral-soft"),
        ("ink-2", "neutral-soft"),
        ("ink-3", "accent-soft"),
    ]
    + [("on-fill", fill) for fill in ("accent-fill", "accent-fill-hover", "bad-fill")]
    + [("heat-ink", f"heat-{step}") for step in range(1, 6)]
)
GRAPHICS = [(f"{tone}-fill", "surface") for tone in TONES] + [
    ("line-input", "surface"),
    ("focus", "surface"),
    ("focus", "canvas"),
    ("focus", "sunken"),
]


def tokens() -> dict[str, tuple[str, str]]:
    found = re.findall(
        r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (CSS / "tokens.css").read_text()
    )
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_reaches_aa(ink: str, ground: str, theme: int) -> None:
    known = tokens()
    assert contrast(known[ink][theme], known[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), GRAPHICS)
def test_what_carries_meaning_without_text_reaches_three_to_one(mark: str, ground: str, theme: int) -> None:
    known = tokens()
    assert contrast(known[mark][theme], known[ground][theme]) >= 3


def test_style_sheets_reach_nothing_outside_and_use_only_known_tokens() -> None:
    defined = set(re.findall(r"(--[a-z0-9-]+):", "".join(path.read_text() for path in CSS.glob("*.css"))))
    for path in CSS.glob("*.css"):
        source = path.read_text()
        assert not re.search(r"url\((?![\"']?data:)|@import", source), path.name
        used = set(re.findall(r"var\((--[a-z0-9-]+)\)", source))
        assert {name for name in used - defined if not name.startswith("--tblr-")} == set(), path.name


def test_scripts_make_no_code_from_text() -> None:
    for path in (CSS.parent / "js").glob("*.js"):
        source = path.read_text()
        assert not re.search(r"\beval\(|new Function|document\.write|insertAdjacentHTML|https?://", source), path.name
