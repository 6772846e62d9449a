from django.urls import include, path

from portal.desk import views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/concerns/", include("concerns.urls_desk")),
    path("desk/meetings/", include("meetings.urls_desk")),
]
