"""Write down what an older database has published already; the sweep adds it up."""

from django.db import migrations

COUNT = """
INSERT INTO published_mapchange (agency_id, dimension, x, y, lon, lat, number, public_id)
SELECT placed.agency_id, dimension, (lon + 180000000) / 2575, (lat + 90000000) / 2575,
    lon, lat, 1, placed.id
FROM (
    SELECT id, agency_id, category_code, state, round(anchor_lon * 1000000)::int AS lon,
        round(anchor_lat * 1000000)::int AS lat
    FROM published_publicconcern WHERE anchor_lon IS NOT NULL
) AS placed CROSS JOIN LATERAL (
    SELECT unnest(published_dimensions(category_code, state))
    UNION ALL
    SELECT 'area:' || held.area_id FROM published_publicconcernarea AS held
    WHERE held.public_concern_id = placed.id
) AS named (dimension);
"""


class Migration(migrations.Migration):
    dependencies = [("published", "0005_what_is_published_is_counted")]

    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
