"""What is followed and told links only to rows of one agency; the database refuses others."""

from django.db import migrations

FOLLOWER, PLACE = "subscriptions_subscription", "subscriptions_subscriptionarea"
NEWS = "subscriptions_news"
LINKS = [
    (FOLLOWER, "subscription_contact_of_its_agency", "contact_id", "people_contact"),
    (PLACE, "followed_area_of_its_subscription", "subscription_id", FOLLOWER),
    (PLACE, "followed_area_of_its_agency", "area_id", "places_area"),
    (NEWS, "news_of_its_agency", "public_concern_id", "published_publicconcern"),
]


def link(table: str, name: str, column: str, target: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (agency_id, {column}) REFERENCES {target} (agency_id, id)
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial")]

    operations = [link(*row) for row in LINKS]
