from django.urls import path

from concerns.views import desk_tags

urlpatterns = [
    path("", desk_tags.tags, name="desk_tags"),
    path("<int:number>/", desk_tags.tag, name="desk_tag"),
]
