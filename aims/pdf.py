"""PDF in one place: HTML drawn by WeasyPrint with our own fonts and no network, drawn parts merged into one document.

The bytes depend on nothing but what is given, the locked packages and the text libraries that `engine` names: fonts come
from static/vendor/fonts alone, dates are the caller's, no identifier is random. ISO/IEC 42001 clause 7.5.
"""

import ctypes
import hashlib
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from django.conf import settings
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, NameTree, OutlineItem, Pdf, String
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "fonts"
# The only files that a document may show: `static:mark.svg` is this folder's mark.svg.
OWN = Path(settings.BASE_DIR) / "static" / "pdf"
SCHEME = "static:"
VARIANT = "pdf/a-3a"
STAMP_FONT = "SourceSans3_400Regular.ttf"
MM = 72 / 25.4


class NotDrawn(Exception):
    """The document cannot be drawn; says why."""


class OwnFilesOnly(URLFetcher):
    """Gives `data:` and our own static files. Anything else, a redirect included, stops the drawing before any request."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if not url.startswith(SCHEME):
            return super().fetch(url, headers)
        path = (OWN / url.removeprefix(SCHEME)).resolve()
        if OWN.resolve() not in path.parents or not path.is_file():
            raise ValueError("not one of our own files")
        kind = "image/svg+xml" if path.suffix == ".svg" else "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def draw(html: str, css: str) -> bytes:
    """HTML and CSS as a tagged PDF/A. Raises NotDrawn when it asks for a file that is not ours or cannot be laid out."""
    fonts = _fonts()
    fetcher = OwnFilesOnly()
    try:
        sheet = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
        document = HTML(string=html, url_fetcher=fetcher, base_url=None)
        made = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT)
    except FatalURLFetchingError as error:  # a BaseException: it would pass every `except Exception` above us
        raise NotDrawn(str(error)) from error
    assert isinstance(made, bytes)
    return made


@cache
def _font_settings() -> str:
    """A fontconfig file that names our fonts' folder alone, so that no system font is ever used."""
    if not any(FONTS.glob("*.ttf")):
        raise NotDrawn(f"The fonts of {FONTS} are missing; `make run` and `make test` put them there.")
    folder = Path(tempfile.mkdtemp(prefix="aims-fonts-"))
    text = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(str(folder))}</cachedir></fontconfig>"
    )
    path = folder / "fonts.conf"
    path.write_text(text)
    return str(path)


def _fonts() -> FontConfiguration:
    os.environ["FONTCONFIG_FILE"] = _font_settings()
    return FontConfiguration()


@cache
def engine() -> Mapping[str, str]:
    """Versions of everything that decides about the bytes of a PDF, for manifests and cache keys."""
    digest = hashlib.sha256()
    for path in sorted((*FONTS.glob("*.ttf"), *OWN.glob("*"))):
        digest.update(path.name.encode() + path.read_bytes())
    return {
        **{name: version(name) for name in ("weasyprint", "pydyf", "pikepdf", "fonttools")},
        "pango": _native("libpango-1.0.so.0", "pango_version_string"),
        "harfbuzz": _native("libharfbuzz.so.0", "hb_version_string"),
        "fonts": digest.hexdigest(),
    }


def _native(library: str, function: str) -> str:
    """The version that a system library gives of itself; "" where it has another name."""
    try:
        ask = getattr(ctypes.CDLL(library), function)
    except OSError:
        return ""
    ask.restype = ctypes.c_char_p
    return str(ask().decode())


def pages_of(data: bytes) -> int:
    """How many pages a PDF has."""
    with Pdf.open(BytesIO(data)) as pdf:
        return len(pdf.pages)
