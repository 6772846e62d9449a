from django.urls import path

from concerns.published import photos, views

urlpatterns = [
    path("concerns/", views.published_list, name="published_list"),
    path("concerns/map.json", views.published_map, name="published_map"),
    path("concerns/feed.rss", views.published_feed, name="published_feed"),
    path(
        "concerns/<str:reference>/photos/<str:key>/",
        photos.published_photo,
        name="published_photo",
    ),
    path("concerns/<str:reference>/", views.published_detail, name="published_detail"),
]
