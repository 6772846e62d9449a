"""The API of version 1 and its description."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from concerns.published.api import ConcernDetail, ConcernList
from engagement.doors.access import cacheable, public_page
from meetings.api import MeetingList
from portal.areas.api import AreaList

urlpatterns = [
    path("v1/concerns/", cacheable(60)(public_page(ConcernList.as_view())), name="api_concerns"),
    path(
        "v1/concerns/<str:reference>/",
        cacheable(60)(public_page(ConcernDetail.as_view())),
        name="api_concern",
    ),
    path("v1/meetings/", cacheable(60)(public_page(MeetingList.as_view())), name="api_meetings"),
    path("v1/areas/", cacheable(600)(public_page(AreaList.as_view())), name="api_areas"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
]
