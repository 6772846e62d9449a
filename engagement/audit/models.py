"""History: entries, their erasable payloads, and the chain that shows tampering.

An entry is written in the transaction of what it tells. A sealer links it later, so that nobody
waits for the head of a chain. Rows that a resident causes hold no exact time, therefore links
and anchors hold none at all.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(models.Func):
    """The number of the running transaction, subtransactions included, without wrap-around."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class Entry(models.Model):
    """One thing that happened. Never changed or deleted: triggers and grants refuse it."""

    agency_id = models.BigIntegerField(_("agency"), null=True)
    event = models.CharField(_("event"), max_length=60)
    actor_kind = models.CharField(_("actor"), max_length=10)
    actor_user_id = models.BigIntegerField(_("staff member"), null=True)
    actor_name = models.CharField(_("name of the actor"), max_length=60, blank=True)
    subject_type = models.CharField(_("subject"), max_length=40)
    subject_reference = models.CharField(_("reference"), max_length=80)
    at = models.DateTimeField(_("when"))
    payload_digest = models.BinaryField(_("digest of the payload"), max_length=32, null=True)
    xid = models.BigIntegerField(_("transaction"), db_default=CurrentTransaction())

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind="staff", actor_user_id__isnull=False)
                | (~models.Q(actor_kind="staff") & models.Q(actor_user_id__isnull=True)),
                name="only_staff_are_named_in_history",
            ),
        ]
        indexes = [
            models.Index(
                fields=["subject_type", "subject_reference", "id"], name="audit_entry_of_subject"
            ),
            models.Index(fields=["xid"], name="audit_entry_by_transaction"),
            models.Index(fields=["agency_id", "-id"], name="audit_entry_of_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"


class Payload(models.Model):
    """Details of an entry, which can be destroyed; the entry keeps the salted digest."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="payload"
    )
    salt = models.BinaryField(_("salt"), max_length=32)
    body = models.JSONField(_("details"))

    class Meta:
        verbose_name = _("audit payload")
        verbose_name_plural = _("audit payloads")

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class Link(models.Model):
    """An entry's place in the chain of its agency; chain 0 is the installation's own."""

    chain = models.BigIntegerField(_("chain"))
    sequence = models.BigIntegerField(_("place in the chain"))
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    digest = models.BinaryField(_("digest"), max_length=32)

    class Meta:
        verbose_name = _("audit link")
        verbose_name_plural = _("audit links")
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "sequence"], name="one_link_at_each_place_of_a_chain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.sequence}"


class Anchor(models.Model):
    """A chain's head at the end of a day, signed; the same stands in a file elsewhere."""

    chain = models.BigIntegerField(_("chain"))
    on = models.DateField(_("day"))
    sequence = models.BigIntegerField(_("place in the chain"))
    digest = models.BinaryField(_("digest"), max_length=32)

    class Meta:
        verbose_name = _("audit anchor")
        verbose_name_plural = _("audit anchors")
        constraints = [
            models.UniqueConstraint(fields=["chain", "on"], name="one_anchor_per_chain_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.sequence} {self.on}"


class SealMark(models.Model):
    """Up to which transaction the sealer has looked; saves it from walking all history."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    horizon = models.BigIntegerField(_("sealed below this transaction"), default=0)

    class Meta:
        verbose_name = _("seal mark")
        verbose_name_plural = _("seal marks")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="seal_mark_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"below {self.horizon}"
