from django.urls import include, path

from concerns.views import desk_languages
from portal.desk import rooms, views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/rooms/", rooms.rooms, name="desk_rooms"),
    path("desk/keys/", views.keys, name="desk_keys"),
    path("desk/", include("concerns.urls_staffing")),
    path("desk/concerns/", include("concerns.urls_desk")),
    path("desk/moderation/", include("concerns.urls_moderation")),
    path("desk/setup/tags/", include("concerns.urls_tags")),
    path("desk/setup/replies/", include("concerns.urls_replies")),
    path("desk/setup/", include("concerns.urls_routing")),
    path("desk/languages/", desk_languages.languages, name="desk_languages"),
    path("desk/calls/", include("concerns.urls_calls")),
    path("desk/concerns/", include("concerns.urls_case_police_side")),
    path("desk/", include("concerns.urls_police_side")),
    path("desk/meetings/", include("meetings.urls_desk")),
    path("partner/", include("concerns.urls_partner")),
    path("desk/", include("portal.sheets.urls")),
]
