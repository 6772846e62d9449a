from django.urls import path

from meetings.views import desk_list, desk_planning, desk_verbs

urlpatterns = [
    path("", desk_list.meetings, name="desk_meetings"),
    path("new/", desk_planning.new, name="desk_meeting_new"),
    path("<slug:slug>/", desk_list.meeting, name="desk_meeting"),
    path("<slug:slug>/edit/", desk_planning.edit, name="desk_meeting_edit"),
    path("<slug:slug>/announce/", desk_verbs.announce, name="desk_meeting_announce"),
    path("<slug:slug>/move/", desk_verbs.move, name="desk_meeting_move"),
    path("<slug:slug>/cancel/", desk_verbs.cancel, name="desk_meeting_cancel"),
    path("<slug:slug>/discard/", desk_verbs.discard, name="desk_meeting_discard"),
    path("<slug:slug>/needs/", desk_list.needs, name="desk_meeting_needs"),
]
