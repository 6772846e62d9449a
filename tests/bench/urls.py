"""The portal's doors, and the yardsticks beside them."""

from django.urls import path

from portal.urls import handler400, handler403, handler404, handler500  # noqa: F401
from portal.urls import urlpatterns as portal_urls
from tests.bench import yardsticks

urlpatterns = [
    *portal_urls,
    path("yardstick/page/", yardsticks.bare_page),
    path("yardstick/json/<int:points>/", yardsticks.bare_json),
]
