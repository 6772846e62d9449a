from django.urls import path

from concerns.views import desk_moderation

urlpatterns = [
    path("", desk_moderation.moderation, name="desk_moderation"),
    path(
        "removals/<str:reference>/", desk_moderation.decide_removal, name="desk_moderation_removal"
    ),
    path("flags/<int:number>/", desk_moderation.decide_flag, name="desk_moderation_flag"),
]
