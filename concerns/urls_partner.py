from django.urls import path

from concerns.views import partner_links, partner_pages

urlpatterns = [
    path("", partner_pages.handoffs, name="partner"),
    path("link/<str:token>/", partner_links.link, name="partner_link"),
    path("shared/<str:reference>/", partner_links.shared, name="partner_shared"),
    path(
        "shared/<str:reference>/photos/<str:key>/",
        partner_links.photo,
        name="partner_shared_photo",
    ),
    path("<str:reference>/", partner_pages.handoff, name="partner_handoff"),
    path("<str:reference>/photos/<str:key>/", partner_pages.photo, name="partner_photo"),
]
