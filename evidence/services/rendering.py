"""Building a pack as a job. Imported by workers alone: the web never loads what draws PDFs. Clause 7.5."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from aims.errors import WrongState
from aims.jobs import Progress
from aims.pdf import NotDrawn
from aims.services import locked, move
from aims.trail import recording
from evidence import storage
from evidence.models import EvidencePack
from evidence.services.building import build
from evidence.services.files import keep_file
from evidence.states import PACK


def render_pack(progress: Progress) -> str:
    """The work of the job: build the pack, keep it, mark it ready; answers its digest. Twice is as once."""
    pack = EvidencePack.objects.select_related("unit", "asked_by").get(pk=progress.arguments["pack"])
    if pack.is_ready:
        return str(pack.blob_id)
    with recording(None, "render_pack"):
        move(locked(pack), PACK, "start")
    with TemporaryDirectory(prefix="aims-pack-") as folder:
        try:
            made = build(pack, Path(folder), progress.say)
        except NotDrawn as error:
            raise WrongState(_("A page could not be drawn: %(why)s") % {"why": error}) from error
        return _keep(pack, made.path, made.pages)


def _keep(pack: EvidencePack, path: Path, pages: int) -> str:
    with path.open("rb") as file, recording(None, "finish_pack"):
        blob = keep_file(storage.chunks_of(file))
        move(locked(pack), PACK, "finish", blob=blob, pages=pages)
    return blob.sha256
