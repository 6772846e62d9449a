from django.urls import path

from portal.areas import data, views

urlpatterns = [
    path("areas/", views.areas, name="areas"),
    path("areas/<slug:slug>/", views.area, name="area"),
    path(
        "places/streets/<slug:slug>/<int:z>/<int:x>/<int:y>.json",
        data.streets,
        name="places_streets",
    ),
    path("places/areas/<slug:slug>/<slug:layer>.json", data.outlines, name="places_areas"),
    path("places/search/<slug:slug>", data.search, name="places_search"),
]
