from django.urls import path

from meetings.views import public_list, public_my, public_rsvp

urlpatterns = [
    path("meetings/", public_list.meetings, name="meetings"),
    path("meetings/feed.ics", public_list.meetings_calendar, name="meetings_calendar"),
    path("meetings/feed.rss", public_list.meetings_feed, name="meetings_feed"),
    path("meetings/rsvp/<str:token>/", public_rsvp.own_answer, name="meeting_answer"),
    path("meetings/<slug:slug>.ics", public_list.meeting_calendar, name="meeting_calendar"),
    path("meetings/<slug:slug>/", public_list.meeting, name="meeting"),
    path("meetings/<slug:slug>/rsvp/", public_rsvp.rsvp, name="meeting_rsvp"),
    path("my/meetings/", public_my.my_meetings, name="my_meetings"),
]
