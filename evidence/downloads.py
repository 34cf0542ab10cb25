"""Handing out stored files: through the record that holds them, never drawn by the browser unless a picture."""

from base64 import b64encode
from typing import Any

from django.http import FileResponse
from django.utils.http import content_disposition_header

from aims.readings import note_download
from evidence import storage
from evidence.uploads import SHOWN


def hand_out(
    request: Any, record: Any, *, digest: str, name: str, media_type: str, shown: bool = False
) -> FileResponse:
    """The file as a download (or, for pictures, `shown` in a page). The sandbox keeps whatever it is from running.

    Raises Damaged when the file is missing. The download is recorded.
    """
    inline = shown and media_type in SHOWN
    file = storage.opened(digest)
    if not inline:
        note_download(request, record, digest)
    response = FileResponse(file, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Digest"] = f"sha-256=:{_base64(digest)}:"
    response["Cache-Control"] = "private, no-store"
    return response


def _base64(digest: str) -> str:
    """The digest as RFC 9530 writes it."""
    from_hex = bytes.fromhex(digest)
    return b64encode(from_hex).decode()
