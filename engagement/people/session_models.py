"""Who is signed in where, and who may set up a first second factor. No address, no device."""

from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.people.device_models import Device

NONCE_LENGTH = 32


class Session(AbstractBaseSession):
    """A session that can be listed and ended by its owner.

    The columns repeat what the session itself holds, so that the sessions of one account are
    found without opening every row. `started_at` is a full hour: a session of the same minute
    would name the sender of an anonymous report.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    started_at = models.DateTimeField(null=True)
    factor = models.CharField(max_length=20, blank=True)
    # Only where staff registered it; with it go its sessions.
    device = models.ForeignKey(Device, null=True, on_delete=models.CASCADE, related_name="sessions")

    class Meta(AbstractBaseSession.Meta):
        db_table = "people_session"
        verbose_name = _("session")  # type: ignore[assignment]
        verbose_name_plural = _("sessions")  # type: ignore[assignment]

    @classmethod
    def get_session_store_class(cls) -> Any:
        # The store stands on this model, so it is named by the setting and not imported.
        return import_module(settings.SESSION_ENGINE).SessionStore


class LivePermits(models.QuerySet["EnrolmentPermit"]):
    def live(self, now: datetime) -> "LivePermits":
        return self.filter(expires_at__gt=now, user__is_active=True)


class EnrolmentPermit(models.Model):
    """The right to set up a first second factor, once, for hours.

    Whoever learns a password alone must not be able to add a factor of their own. The link that
    proves this right is made of the nonce at the moment of mailing and is stored nowhere. The
    row is deleted with its use.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolment_permit"
    )
    nonce = models.CharField(max_length=NONCE_LENGTH)
    expires_at = models.DateTimeField()

    objects = LivePermits.as_manager()

    class Meta:
        verbose_name = _("permission to set up a second step")
        verbose_name_plural = _("permissions to set up a second step")

    def __str__(self) -> str:
        return f"{self.user_id}"
