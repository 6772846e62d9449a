"""What the portal is measured against. Frozen: changing one would make old figures worthless.

Both views run behind Django's own usual middleware, not behind the portal's.
"""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Engine

from concerns.models import Category
from engagement.doors.access import open_page

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROWS = 50
COLUMNS = ("id", "code", "group", "mode", "visibility", "sort")
PAGE = """<!doctype html><html lang="en"><head><title>Bare page</title></head><body>
<p>{{ user.pk }}</p><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.code }}</td><td>{{ row.group }}</td>
<td>{{ row.mode }}</td><td>{{ row.visibility }}</td><td>{{ row.sort }}</td></tr>{% endfor %}
</table></body></html>"""
TEMPLATE = Engine().from_string(PAGE)
POINTS = """
SELECT -92.2 + n / 1000.0, 38.4 + n / 1000.0, n, md5(n::text), 'closed',
    '/concerns/' || md5(n::text)
FROM generate_series(1, %s) AS n"""


@open_page
def bare_page(request: HttpRequest) -> HttpResponse:
    """Session and user loaded, one query, 50 rows of 6 columns."""
    assert request.user.is_authenticated
    rows = Category.objects.only(*COLUMNS).order_by("-id")[:ROWS]
    return HttpResponse(TEMPLATE.render(Context({"rows": rows, "user": request.user})))


@open_page
def bare_json(request: HttpRequest, points: int) -> HttpResponse:
    """One query, and as many points as the map that is measured against it."""
    with connection.cursor() as cursor:
        cursor.execute(POINTS, [points])
        names = ("lon", "lat", "count", "title", "state", "url")
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for point in found:
        point["lon"], point["lat"] = float(point["lon"]), float(point["lat"])
    return JsonResponse({"points": found})
