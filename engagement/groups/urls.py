from django.urls import path

from engagement.groups import views

urlpatterns = [
    path("", views.organisations, name="desk_organisations"),
    path("new/", views.new, name="desk_organisation_new"),
    path("<int:number>/", views.organisation, name="desk_organisation"),
    path("<int:number>/members/", views.add_member, name="desk_organisation_member"),
    path(
        "<int:number>/members/<int:member>/remove/",
        views.remove_member,
        name="desk_organisation_member_remove",
    ),
]
