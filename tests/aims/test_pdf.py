"""PDFs: nothing is fetched, hostile text is only text, the same input gives the same bytes, merged pages are right."""

import hashlib
import os
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from aims import pdf

AT = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
CSS = '@page { size: A4; margin: 20mm } html { font-family: "Source Sans 3" } table { table-layout: fixed }'
HOSTILE = (
    '<img src="{}/img">',
    '<img src="{}/redirect">',
    '<img srcset="{}/set 1x">',
    '<object data="{}/object"></object>',
    '<embed src="{}/embed">',
    '<link rel="stylesheet" href="{}/style">',
    '<link rel="attachment" href="{}/attached">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<img src="file:///etc/passwd">',
    '<img src="static:../../manage.py">',
    '<img src="static:">',
    "<style>@import url({}/import);</style>",
    "<style>@font-face {{ font-family: x; src: url({}/font) }} p {{ font-family: x }}</style><p>x</p>",
    '<p style="background: url({}/background)">x</p>',
    '<ul style="list-style-image: url({}/list)"><li>x</li></ul>',
    "<style>@page {{ background: url({}/page) }}</style>",
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{}/svg" width="9" height="9"/></svg>',
    '<p style="content: url({}/content)">x</p>',
)


def page(body: str, title: str = "t") -> str:
    return f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>{body}</body></html>'


def text_of(data: bytes) -> str:
    return "".join(one.extract_text() for one in PdfReader(BytesIO(data)).pages)


@pytest.fixture
def listener():
    """A port of ours and how many connected to it."""
    seen: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stopped = threading.Event()

    def listen():
        while not stopped.is_set():
            try:
                connection, _peer = server.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(1)
                seen.append(connection.recv(1000))
                connection.sendall(b"HTTP/1.0 302 Found\r\nLocation: /secret\r\n\r\n")

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
    stopped.set()
    thread.join()
    server.close()


@pytest.mark.parametrize("snippet", HOSTILE)
def test_nothing_is_fetched(listener, snippet):
    """Each snippet either stops the drawing or is ignored; nobody is ever connected to and nothing is attached."""
    address, seen = listener
    try:
        made = pdf.draw(page(snippet.format(address)), CSS)
    except pdf.NotDrawn:
        made = None
    assert seen == []
    if made is not None:
        assert PdfReader(BytesIO(made)).attachments == {}


def test_most_of_it_stops_the_drawing_with_an_ordinary_error():
    """WeasyPrint's own error passes every `except Exception`; ours does not."""
    assert issubclass(pdf.NotDrawn, Exception)
    with pytest.raises(pdf.NotDrawn, match="127.0.0.1"):
        pdf.draw(page('<img src="http://127.0.0.1:9/x">'), CSS)


def test_listener_would_notice(listener):
    """The test above can fail: a connection is counted."""
    address, seen = listener
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as one:
        one.sendall(b"GET")
        one.recv(10)
    assert seen == [b"GET"]


def test_own_files_and_data_are_drawn(monkeypatch, tmp_path):
    (tmp_path / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"/>')
    (tmp_path / "plain.bin").write_bytes(b"x")
    monkeypatch.setattr(pdf, "OWN", tmp_path)
    fetched = pdf.OwnFilesOnly().fetch("static:dot.svg")
    assert fetched.content_type == "image/svg+xml"
    assert pdf.OwnFilesOnly().fetch("static:plain.bin").content_type == "application/octet-stream"
    assert pdf.OwnFilesOnly().fetch("data:text/plain,abc").read() == b"abc"
    assert pdf.draw(page('<img alt="dot" src="static:dot.svg">'), CSS)


def test_text_of_any_script_is_drawn_with_our_own_fonts():
    made = pdf.draw(page("<p>Größe Ωμέγα Москва שלום مرحبا ✓ → 😀</p>"), CSS)
    for word in ("Größe", "Ωμέγα", "Москва", "✓", "→"):
        assert word in text_of(made)
    with pikepdf.open(BytesIO(made)) as opened:
        fonts = [str(font.BaseFont) for font in opened.pages[0].Resources.Font.values()]
    ours = ("Source-Sans-3", "Noto-Naskh-Arabic", "Noto-Sans-Hebrew", "Noto-Emoji")
    assert fonts
    assert all(any(name in font for name in ours) for font in fonts)


def test_missing_fonts_are_said_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    pdf._font_settings.cache_clear()
    with pytest.raises(pdf.NotDrawn, match="make run"):
        pdf.draw(page("x"), CSS)
    pdf._font_settings.cache_clear()


def test_engine_names_what_decides_about_the_bytes():
    assert set(pdf.engine()) == {"weasyprint", "pydyf", "pikepdf", "fonttools", "pango", "harfbuzz", "fonts"}
    assert pdf._native("libnothere.so", "x") == ""


TABLE = "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>{}</tbody></table>".format(
    "".join(f"<tr><td>{number}</td><td>b</td></tr>" for number in range(80))
)


def drawn_parts(folder):
    """Cover, contents, a section of one part, a section of two chapters; two parts have the very same table."""
    bodies = (
        ("<h1>Cover</h1>", {"numbered": False}),
        ('<p><a href="aims:2">One</a> <a href="aims:4">Second</a> <a href="https://x.example">out</a></p>', {}),
        (f"<h1>One</h1>{TABLE}", {"section": "One"}),
        (f"<h1>Two</h1><h2>First</h2>{TABLE}", {"section": "Two", "title": "First"}),
        ("<h2>Second</h2><p>end</p>", {"title": "Second"}),
    )
    parts = []
    for number, (body, about) in enumerate(bodies):
        path = folder / f"{number}.pdf"
        path.write_bytes(pdf.draw(page(body), CSS))
        parts.append(pdf.Part(path, **about))
    return parts


def merged(folder, name="out.pdf", footer="PCK-1 · 2026"):
    about = pdf.About("Title שלום", "Author", "Subject", "de", AT, footer)
    target = folder / name
    pages = pdf.merge(drawn_parts(folder), target, about, {"manifest.json": b'{"a":1}'})
    return pages, target.read_bytes()


def test_outline_links_and_page_numbers_lead_to_the_right_pages(tmp_path):
    pages, data = merged(tmp_path)
    reader = PdfReader(BytesIO(data))
    assert len(reader.pages) == pages
    one, (second_title, children) = reader.outline[0], (reader.outline[1], reader.outline[2])
    assert [one.title, second_title.title] == ["One", "Two"]
    assert [child.title for child in children] == ["First", "Second"]
    for entry, words in ((one, "One"), (second_title, "Two"), (children[0], "First"), (children[1], "Second")):
        assert words in reader.pages[reader.get_destination_page_number(entry)].extract_text()
    links = [one.get_object() for one in reader.pages[1]["/Annots"]]
    starts = [reader.get_page_number(link["/Dest"][0].get_object()) for link in links[:2]]
    assert "One" in reader.pages[starts[0]].extract_text()
    assert "Second" in reader.pages[starts[1]].extract_text()
    assert links[2]["/A"]["/URI"] == "https://x.example"
    assert set(reader.named_destinations) == {f"part-{number}" for number in range(5)}
    for number, one_page in enumerate(reader.pages, start=1):
        numbered = f"{number} / {pages}" in one_page.extract_text()
        assert numbered is (number > 1)
        assert ("PCK-1 · 2026" in one_page.extract_text()) is (number > 1)


def test_structure_is_one_tree_without_dangling_or_double_names(tmp_path):
    _pages, data = merged(tmp_path)
    with pikepdf.open(BytesIO(data)) as opened:
        root = opened.Root.StructTreeRoot
        document = root.K[0]
        assert document.S == "/Document"
        assert [part.S for part in document.K] == ["/Part"] * 5
        keys = list(root.ParentTree.Nums)[::2]
        assert keys == list(range(len(keys))) == list(range(int(root.ParentTreeNextKey)))
        assert [int(one.obj.StructParents) for one in opened.pages] == sorted(
            int(p.obj.StructParents) for p in opened.pages
        )
        names = [str(name) for leaf in root.IDTree.Kids for name in list(leaf.Names)[::2]]
        assert names == sorted(set(names))
        assert _headers(document) <= set(names)
        for one in opened.pages:
            marked = root.ParentTree.Nums[2 * keys.index(int(one.obj.StructParents)) + 1]
            assert all(element.Pg.objgen == one.obj.objgen for element in marked)


def _headers(element) -> set[str]:
    """Every name of a header cell that a cell mentions."""
    found, waiting = set(), [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            found |= {str(name) for name in one.get("/A", pikepdf.Dictionary()).get("/Headers", ())}
            waiting.extend(one.get("/K", ()))
    return found


def test_archival_marks_are_there(tmp_path):
    """What can be checked of PDF/A-3a without its validator."""
    _pages, data = merged(tmp_path)
    with pikepdf.open(BytesIO(data)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "de"
        assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/ID" in opened.trailer
        assert not opened.is_encrypted
        attached = opened.Root.AF[0]
        assert attached.AFRelationship == "/Data"
        assert "/ModDate" in attached.EF.F.Params
        assert opened.attachments["manifest.json"].get_file().read_bytes() == b'{"a":1}'
        assert str(opened.docinfo.CreationDate) == "D:20260504083000+00'00'"
        with opened.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
            assert xmp["dc:title"] == str(opened.docinfo.Title) == "Title שלום"
            assert xmp["xmp:CreateDate"] == AT.isoformat()
        fonts = [font for one in opened.pages for font in one.Resources.get("/Font", {}).values()]
        descriptors = [f.get("/FontDescriptor") or f.DescendantFonts[0].FontDescriptor for f in fonts]
        assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)


def test_foot_is_cut_to_what_its_font_knows(tmp_path):
    _pages, data = merged(tmp_path, footer="Größe – שלום")
    assert "Größe – ????" in PdfReader(BytesIO(data)).pages[1].extract_text()
    _pages, data = merged(tmp_path, footer="")
    assert "?" not in PdfReader(BytesIO(data)).pages[1].extract_text()


ONCE = """
import hashlib, sys, django
from pathlib import Path
django.setup()
from tests.aims.test_pdf import merged
print(hashlib.sha256(merged(Path(sys.argv[1]))[1]).hexdigest())
"""


def test_same_input_gives_the_same_bytes_in_any_process(tmp_path):
    digests = {hashlib.sha256(merged(tmp_path, f"{number}.out")[1]).hexdigest() for number in range(2)}
    for seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        folder = tmp_path / seed
        folder.mkdir()
        made = subprocess.run(
            [sys.executable, "-c", ONCE, str(folder)], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(made.stdout.split()[-1])
    assert len(digests) == 1
