from django.urls import path

from portal.letters import views

urlpatterns = [
    path("desk/messages/", views.stuck, name="desk_messages"),
    path("desk/messages/<uuid:message>/again/", views.again, name="desk_message_again"),
]
