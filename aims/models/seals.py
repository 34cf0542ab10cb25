"""The sealed log: one leaf per event, an append-only chain of signed seals over them. Clause 7.5.3."""

from typing import Any, ClassVar

from django.db import models

from aims.trail import TransactionIdField, append_only


class SealKey(models.Model):
    """A public key that signs seals. `vouched` is the signature of its hex by the key before it (empty: the first)."""

    public = models.CharField(max_length=64, unique=True)
    vouched = models.CharField(max_length=128, blank=True)
    introduced_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    class Meta:
        triggers: ClassVar = append_only()


class Leaf(models.Model):
    """Hash of one event at its place in the log. `source` is the event table."""

    position = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=63)
    event_id = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "event_id"], name="leaf_once")]
        triggers: ClassVar = append_only()


class Seal(models.Model):
    """A signed statement that the log's first `size` leaves have this root. Each names the one before it."""

    number = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    peaks = models.JSONField()
    horizon = TransactionIdField()
    sealed_at = models.DateTimeField()
    key = models.ForeignKey(SealKey, on_delete=models.PROTECT, related_name="seals")
    signature = models.CharField(max_length=128)

    class Meta:
        ordering: ClassVar = ["number"]
        triggers: ClassVar = append_only()

    def statement(self, installation: Any) -> dict[str, Any]:
        """What is signed, as plain data."""
        return {
            "installation": str(installation),
            "number": self.number,
            "size": self.size,
            "root": self.root,
            "previous": self.previous,
            "sealed_at": self.sealed_at.isoformat(),
            "key": self.key.public,
        }


class Activity(models.Model):
    """Every event of every table with the record it belongs to: a view in schema `trail`."""

    event_id = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=63)
    root = models.ForeignKey("aims.Record", on_delete=models.DO_NOTHING, null=True, related_name="+")
    label = models.CharField(max_length=10)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    xid = TransactionIdField()
    context = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = 'trail"."activity'
