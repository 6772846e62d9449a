"""Every door of the portal. Apps own their paths; this file only joins them."""

from django.urls import URLPattern, URLResolver, include, path

from engagement.doors.admin import site
from engagement.doors.languages import set_language
from portal import health
from portal.metrics import metrics

handler400 = "engagement.doors.errors.bad_request"
handler403 = "engagement.doors.errors.permission_denied"
handler404 = "engagement.doors.errors.not_found"
handler500 = "engagement.doors.errors.server_error"
# Asked by allauth when somebody tries too often.
handler429 = "engagement.doors.errors.too_many_requests"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("engagement.outbox.urls")),
    path("account/", include("engagement.people.urls")),
    path("", include("portal.people.urls")),
    path("", include("portal.letters.urls")),
    path("desk/setup/organisations/", include("engagement.groups.urls")),
    path("", include("portal.desk.urls")),
    path("", include("portal.front.urls")),
    path("", include("portal.areas.urls")),
    path("", include("portal.transparency.urls")),
    path("", include("portal.help.urls")),
    path("", include("concerns.urls_public")),
    path("", include("concerns.subscriptions.urls")),
    path("", include("concerns.published.urls")),
    path("", include("meetings.urls_public")),
    path("api/", include("portal.urls_api")),
    path("admin/", site.urls),
    path("language/", set_language, name="set_language"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics, name="metrics"),
]
