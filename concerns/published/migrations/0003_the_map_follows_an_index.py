"""Clusters are counted from an index alone; a street's anchors are found by their place."""

from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("published", "0002_links_stay_inside_the_agency")]

    operations = [
        migrations.RemoveIndex(model_name="publicconcern", name="published_newest_first"),
        migrations.RemoveIndex(model_name="publicconcern", name="published_anchors"),
        migrations.AddIndex(
            model_name="publicconcern",
            index=models.Index(
                fields=["agency", "-received_on", "-id"],
                include=["anchor_lon", "anchor_lat", "reference", "state", "category_code"],
                name="published_newest_first",
            ),
        ),
        migrations.AddIndex(
            model_name="publicconcern",
            index=GistIndex(
                models.Func(models.F("anchor_lon"), models.F("anchor_lat"), function="point"),
                name="published_anchors",
                condition=models.Q(("anchor_lon__isnull", False)),
            ),
        ),
    ]
