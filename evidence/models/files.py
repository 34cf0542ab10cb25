"""Stored bytes: kept once, named by their digest. Clause 7.5.3."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.trail import tracked


@tracked(exclude=["sketch", "checked_at"])
class Blob(models.Model):
    """Bytes kept once, named by their SHA-256. Who may read them is asked of the record that holds them, never here."""

    sha256 = models.CharField("SHA-256", primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField(_("Size"))
    stored_at = models.DateTimeField(db_default=Now(), editable=False)
    # Bottom hashes of the words of a text (see `evidence.likeness`), by which texts that are almost the same are found.
    sketch = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    checked_at = models.DateTimeField(_("Read and compared"), null=True, editable=False)
    damaged_at = models.DateTimeField(_("Found missing or altered"), null=True, editable=False)

    class Meta:
        verbose_name = _("stored file")
        constraints: ClassVar = [
            models.CheckConstraint(name="blob_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.sha256
