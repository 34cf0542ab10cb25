"""What I am asked to read: the list, and one document with its one button. Clause 7.3."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from aims import asof, clock
from aims.errors import Hidden
from aims.services import require
from aims.ui import Action, Crumb, Header
from aims.views.base import PageView
from evidence import policies, services
from evidence.downloads import hand_out
from evidence.models import Acknowledgement, Document, DocumentVersion


class Reading(PageView):
    """What holds here that I should know?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Document.objects.asked_of(request.user).with_read(request.user).with_current().order_by("read", "title")
        header = Header(
            title=_("For me to read"), lead=_("What is in force and meant for you. The newest words count.")
        )
        return render(request, "evidence/reading.html", {"header": header, "documents": rows})


class ReadingView(PageView):
    """Base: a document in force that the person is asked to read, or sees anyway; else 404."""

    def get_version(self) -> DocumentVersion:
        user, ref = self.request.user, self.kwargs["ref"].upper()
        found = Document.objects.asked_of(user).filter(ref=ref).first()
        found = found or Document.objects.visible_to(user).in_force().filter(ref=ref).first()
        version: DocumentVersion | None = (
            found.versions.effective().select_related("document", "approved_by").first() if found else None
        )
        if version is None:
            raise Hidden
        return version


class Read(ReadingView):
    """What does it say? I have read and understood it."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        version = self.get_version()
        document = version.document
        may = asof.moment() is None and bool(policies.can_acknowledge(request.user, document))
        said = Acknowledgement.objects.counting_for(document).filter(person=request.user.pk).order_by("at").first()
        crumbs = [Crumb(_("For me to read"), reverse("reading"))]
        context = {
            "header": Header(title=document.title, ref=document.ref, crumbs=crumbs, actions=self.actions(document)),
            "record": document,
            "version": version,
            "said": said,
            "may": may and said is None,
        }
        return render(request, "evidence/read.html", context)

    def actions(self, document: Document) -> list[Action]:
        """The way to its record, for who sees that."""
        seen = Document.objects.visible_to(self.request.user).filter(pk=document.pk).exists()
        return [Action(_("Open the record"), document.get_absolute_url(), icon="external-link")] if seen else []

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        document: Any = self.get_version().document
        require(policies.can_acknowledge(request.user, document), _("You are not asked to read this document."))
        number = request.POST.get("number", "")
        services.acknowledge(
            document, by=request.user, at=clock.now(), number=int(number) if number.isdigit() else None
        )  # fmt: skip
        messages.success(request, _("Thank you. It is noted that you read %(title)s.") % {"title": document.title})
        return redirect("reading")


class ReadFile(ReadingView):
    """The words, where they stand in a file."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        version = self.get_version()
        if version.blob_id is None:
            raise Hidden
        name, record = version.file_name, version.document
        return hand_out(request, record, digest=version.blob_id, name=name, media_type=version.media_type)  # type: ignore[return-value]
