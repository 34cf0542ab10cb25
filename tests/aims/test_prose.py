"""What people write in Markdown: drawn, with headings in order, and nothing that could run or be loaded."""

import pytest

from aims.prose import markup


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("# A\n\n### B\n\n### C\n\n## D", "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>\n<h3>D</h3>\n"),
        ("### Deep\n\n# High", "<h2>Deep</h2>\n<h2>High</h2>\n"),
        ("[a](https://example.org)", '<p><a href="https://example.org" rel="noopener noreferrer">a</a></p>\n'),
        ("", ""),
    ],
)
def test_markdown_is_drawn(text, drawn):
    assert markup(text) == drawn


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](https://example.org/pixel.png)",
        "<javascript:alert(1)>",
        '[a](https://example.org "x\\" onclick=alert(1)")',
    ],
)
def test_nothing_runs_and_nothing_is_loaded(text):
    drawn = markup(text)
    for tag in ("<script", "<img", 'href="javascript', 'href="JaVaScRiPt', 'href="data', '" onclick'):
        assert tag not in drawn


def test_a_table_is_drawn():
    assert "<th>a</th>" in markup("| a | b |\n|---|---|\n| 1 | 2 |")
