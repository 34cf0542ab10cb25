#!/usr/bin/env python3
"""Copy what pages and PDFs need from node_modules to static/vendor: CSS, htmx, our icons as one sprite, fonts."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE, VENDOR = ROOT / "node_modules", ROOT / "static" / "vendor"
GOOGLE = "@expo-google-fonts"
FONTS = {
    f"{GOOGLE}/source-sans-3": ["400Regular", "400Regular_Italic", "600SemiBold", "700Bold"],
    f"{GOOGLE}/source-serif-4": ["400Regular", "600SemiBold"],
    f"{GOOGLE}/noto-emoji": ["400Regular"],
    "@embedpdf/fonts-arabic": ["fonts"],
    "@embedpdf/fonts-hebrew": ["fonts"],
}
TEXTS = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}
# A map that is not there makes the hashed storage of static files fail.
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*")


def symbol(name: str) -> str:
    """One icon of static/icons.txt as a symbol of the sprite."""
    source = (NODE / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()
    body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if body is None:
        raise SystemExit(f"The icon {name} in static/icons.txt cannot be read.")
    paths = " ".join(body[1].replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', "").split())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>'


def copy_licence(package: str, target: Path) -> None:
    found = next((NODE / package).glob("LICENSE*"), None)
    if found:
        shutil.copyfile(found, target)


def copy_fonts() -> None:
    folder = VENDOR / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for package, parts in FONTS.items():
        for part in parts:
            for font in (NODE / package / part).glob("*.ttf"):
                shutil.copyfile(font, folder / font.name)
        copy_licence(package, folder / f"{package.rsplit('/', 1)[1]}.LICENSE")


def main() -> None:
    """Write static/vendor anew."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    names = (ROOT / "static/icons.txt").read_text().split()
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(map(symbol, names)) + "</svg>\n"
    (VENDOR / "icons.svg").write_text(sprite)
    for name, source in TEXTS.items():
        (VENDOR / name).write_text(SOURCE_MAP.sub("", (NODE / source).read_text()))
    for package in ("@tabler/core", "@tabler/icons", "htmx.org"):
        copy_licence(package, VENDOR / f"{package.strip('@').replace('/', '-')}.LICENSE")
    copy_fonts()


if __name__ == "__main__":
    main()
