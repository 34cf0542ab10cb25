"""Markdown that people wrote, as markup a page may hold: no HTML of theirs, no pictures, no address that runs."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
LOWEST = 6


def markup(text: str) -> str:
    """The text as HTML. Headings begin below the page's own (h2) and leave no level out, whatever was typed."""
    tokens = _READER.parse(text)
    _level(tokens)
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "noopener noreferrer")
    return str(_READER.renderer.render(tokens, _READER.options, {}))


def _level(tokens: Sequence[Token]) -> None:
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            while above and above[-1] >= token.tag:
                above.pop()
            above.append(token.tag)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(above) + 1, LOWEST)}"
