"""Build every pack that waits, here and now, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from aims import jobs
from evidence.models import EvidencePack
from evidence.services.packs import job_of
from evidence.services.rendering import render_pack
from evidence.states import PackState


class Command(BaseCommand):
    help = "Builds every evidence pack that waits, without a Celery worker."

    def handle(self, *args: Any, **options: Any) -> None:
        for pack in EvidencePack.objects.filter(state=PackState.ASKED).order_by("pk"):
            jobs.run(job_of(pack).pk, render_pack)
            pack.refresh_from_db()
            self.stdout.write(f"{pack.ref} {pack.state} {pack.pages or ''} {pack.failure}")
