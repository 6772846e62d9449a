"""How far the open concerns of an agency have followed its newest areas."""

from django.db import models

from engagement.places.models import Agency


class BoundaryFollowing(models.Model):
    """One row for each agency that ever had areas; no row means that nothing was followed yet.

    Revisions are those of `Agency.boundary_revision`. `last_concern_id` is how far the walk of
    `revision_under_way` has come, and `noticed_at` when that revision was first seen.
    """

    agency = models.OneToOneField(Agency, on_delete=models.CASCADE, related_name="+")
    revision_done = models.PositiveBigIntegerField(default=0)
    revision_under_way = models.PositiveBigIntegerField(default=0)
    last_concern_id = models.BigIntegerField(default=0)
    noticed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.revision_done}"
