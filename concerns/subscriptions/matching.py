"""Which followers a round concerns, and what of it. Compares with anchors and their areas only."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from concerns.published.grid import PER_DEGREE
from concerns.subscriptions.models import Pace, Round, Subscription
from concerns.subscriptions.shapes import stored_shape
from engagement.people.models import Contact

NAMED = re.compile(r"%\((\w+)\)s")

# The news of one round.
OF_ROUND = {
    True: "news.round_id = %(round)s",
    False: 'news.agency_id = %(agency)s AND news."on" BETWEEN %(first)s AND %(last)s',
}
FOLLOWERS = (
    "subscriptions_subscription AS follower WHERE follower.agency_id = %(agency)s "
    "AND follower.pace = %(pace)s AND follower.confirmed_on IS NOT NULL"
)
# By kind, and by kind and area, what is new is known by its newest: few rows stand for many news.
BY_KIND = """
SELECT public.category_code AS kind, MAX(news.id) AS newest
FROM subscriptions_news AS news
JOIN published_publicconcern AS public ON public.id = news.public_concern_id
WHERE {of_round} GROUP BY 1"""
BY_AREA = """
SELECT held.area_id, public.category_code AS kind, MAX(news.id) AS newest
FROM subscriptions_news AS news
JOIN published_publicconcern AS public ON public.id = news.public_concern_id
JOIN published_publicconcernarea AS held ON held.public_concern_id = public.id
WHERE {of_round} GROUP BY 1, 2"""
ANCHORS = """
SELECT public.anchor_lon AS lon, public.anchor_lat AS lat, public.category_code AS kind,
    MAX(news.id) AS newest
FROM subscriptions_news AS news
JOIN published_publicconcern AS public ON public.id = news.public_concern_id
WHERE {of_round} AND public.anchor_lon IS NOT NULL GROUP BY 1, 2, 3"""
# Each anchor finds the drawn shapes around it by their boxes, in the words of the index of these.
BOXED = """
SELECT DISTINCT follower.id FROM anchors JOIN {joined} AND follower.shape IS NOT NULL
    AND box(point(follower.min_lon, follower.min_lat), point(follower.max_lon, follower.max_lat))
        && box(point(anchors.lon, anchors.lat), point(anchors.lon, anchors.lat))"""
# Only of these the shape itself is read, once, and anchors are tried until one lies inside. The
# database compares with a tolerance of a millionth: in degrees that would reach over a street, so
# it is asked in millionths of a degree.
DRAWN = """
SELECT follower.contact_id FROM boxed
JOIN subscriptions_subscription AS follower ON follower.id = boxed.id
CROSS JOIN LATERAL (
    SELECT polygon(
        translate((follower.shape -> 'coordinates' -> 0)::text, '[]', '()')::path
        * point({per_degree}, 0)
    ) AS outline
    OFFSET 0
) AS drawn
WHERE EXISTS (
    SELECT 1 FROM anchors WHERE anchors.newest > follower.since_news
        AND anchors.lon BETWEEN follower.min_lon AND follower.max_lon
        AND anchors.lat BETWEEN follower.min_lat AND follower.max_lat
        AND (follower.kinds = '{{}}' OR anchors.kind = ANY(follower.kinds))
        AND drawn.outline @> (point(anchors.lon, anchors.lat) * point({per_degree}, 0)))"""
AUDIENCE = """
WITH by_kind AS MATERIALIZED ({by_kind}), by_area AS MATERIALIZED ({by_area}),
    anchors AS MATERIALIZED ({anchors}), boxed AS MATERIALIZED ({boxed})
SELECT follower.contact_id FROM {followers} AND follower.is_everywhere AND EXISTS (
    SELECT 1 FROM by_kind WHERE by_kind.newest > follower.since_news
        AND (follower.kinds = '{{}}' OR by_kind.kind = ANY(follower.kinds)))
UNION ALL
SELECT follower.contact_id FROM {followers} AND NOT follower.is_everywhere
    AND follower.shape IS NULL AND EXISTS (
        SELECT 1 FROM subscriptions_subscriptionarea AS place
        JOIN by_area ON by_area.area_id = place.area_id
        WHERE place.subscription_id = follower.id AND by_area.newest > follower.since_news
            AND (follower.kinds = '{{}}' OR by_area.kind = ANY(follower.kinds)))
UNION ALL {drawn}"""
FOUND = """
SELECT follower.contact_id, news.id, public.anchor_lon, public.anchor_lat, follower.is_boxed
FROM (
    SELECT *, shape IS NOT NULL AS is_boxed FROM {followers}
        AND follower.contact_id = ANY(%(contacts)s)
) AS follower
JOIN subscriptions_news AS news ON {of_round} AND news.id > follower.since_news
JOIN published_publicconcern AS public ON public.id = news.public_concern_id
    AND (follower.kinds = '{{}}' OR public.category_code = ANY(follower.kinds))
WHERE follower.is_everywhere
    OR (follower.is_boxed
        AND public.anchor_lon BETWEEN follower.min_lon AND follower.max_lon
        AND public.anchor_lat BETWEEN follower.min_lat AND follower.max_lat)
    OR (NOT follower.is_boxed AND EXISTS (
        SELECT 1 FROM subscriptions_subscriptionarea AS place
        JOIN published_publicconcernarea AS held ON held.area_id = place.area_id
        WHERE place.subscription_id = follower.id AND held.public_concern_id = public.id))
ORDER BY news.id"""


def audience(told: Round) -> QuerySet[Contact]:
    """Those whom this round concerns, whether they follow the agency, areas of it or a shape; as
    one statement."""
    statement, values = _filled(AUDIENCE, told), _values(told)
    places = [values[name] for name in NAMED.findall(statement)]
    chosen = RawSQL(NAMED.sub("%s", statement), places)  # noqa: S611 no value stands in its text
    return Contact.objects.filter(pk__in=chosen)


def news_for(told: Round, contacts: Sequence[int]) -> dict[int, list[int]]:
    """What of a round is for each of these contacts, as ids of news in order; leaves out those
    for whom there is nothing. One query, and one more where somebody drew a shape."""
    with connection.cursor() as cursor:
        cursor.execute(_filled(FOUND, told), {**_values(told), "contacts": list(contacts)})
        rows = cursor.fetchall()
    boxed = {contact for contact, _news, _lon, _lat, is_boxed in rows if is_boxed}
    drawn = Subscription.objects.filter(contact_id__in=boxed).order_by("pk") if boxed else ()
    shapes = {follower.contact_id: stored_shape(follower.shape or {}) for follower in drawn}
    found: dict[int, list[int]] = defaultdict(list)
    for contact, news, lon, lat, is_boxed in rows:
        if not is_boxed or shapes[contact].holds(lon, lat):
            found[contact].append(news)
    return dict(found)


def _values(told: Round) -> dict[str, Any]:
    return {
        "agency": told.agency_id,
        "pace": told.pace,
        "round": told.pk,
        "first": told.first_on,
        "last": told.last_on,
    }


def _filled(statement: str, told: Round) -> str:
    of_round = OF_ROUND[told.pace == Pace.NOW]
    return statement.format(
        by_kind=BY_KIND.format(of_round=of_round),
        by_area=BY_AREA.format(of_round=of_round),
        anchors=ANCHORS.format(of_round=of_round),
        boxed=BOXED.format(joined=FOLLOWERS.replace(" WHERE ", " ON ")),
        drawn=DRAWN.format(per_degree=PER_DEGREE),
        of_round=of_round,
        followers=FOLLOWERS,
    )
