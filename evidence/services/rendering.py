"""Building a pack as a job. Imported by workers alone: the web never loads what draws PDFs. Clause 7.5."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from django.conf import settings
from django.utils.translation import gettext as _

from aims import seals
from aims.errors import WrongState
from aims.jobs import Progress
from aims.pdf import NotDrawn
from aims.services import locked, move
from aims.trail import recording
from evidence import storage
from evidence.models import EvidencePack
from evidence.services.bagging import write_bag
from evidence.services.building import Made, build
from evidence.services.files import keep_file
from evidence.states import PACK


def render_pack(progress: Progress) -> str:
    """The work of the job: build the pack, keep it, mark it ready; answers its digest. Twice is as once."""
    pack = EvidencePack.objects.select_related("unit", "asked_by").get(pk=progress.arguments["pack"])
    if pack.is_ready:
        return str(pack.blob_id)
    with recording(None, "render_pack"):
        move(locked(pack), PACK, "start")
    seals.seal_new_events()  # so that what is packed is proved
    with _folder(pack) as folder:
        try:
            made = build(pack, folder, progress.say)
            bag = write_bag(pack, made, folder)
        except NotDrawn as error:
            raise WrongState(_("A page could not be drawn: %(why)s") % {"why": error}) from error
        return _keep(pack, made, bag)


@contextmanager
def _folder(pack: EvidencePack) -> Iterator[Path]:
    """Room for one attempt; what a killed one left behind is removed first."""
    place = hashlib.sha256(os.fsencode(settings.VAR)).hexdigest()[:8]
    prefix = f"aims-pack-{place}-{pack.pk}-"
    for left in Path(gettempdir()).glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=prefix) as folder:
        yield Path(folder)


def _keep(pack: EvidencePack, made: Made, bag: Path) -> str:
    with made.path.open("rb") as document, bag.open("rb") as archive, recording(None, "finish_pack"):
        blob, zipped = keep_file(storage.chunks_of(document)), keep_file(storage.chunks_of(archive))
        move(locked(pack), PACK, "finish", blob=blob, bag=zipped, pages=made.pages)
    return blob.sha256
