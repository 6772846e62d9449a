from django.urls import path

from portal.help import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/moderation/", views.moderation, name="help_moderation"),
    path("help/privacy/", views.privacy, name="privacy"),
    path("leave/", views.leave, name="leave"),
]
