"""Public meetings as JSON, for other programs. The same rows as the list."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagement.doors.paging import keyset_page
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency, Area
from meetings import queries
from meetings.models import Meeting

PAGE_SIZE = 100
PARAMETERS = [
    OpenApiParameter("agency", str, description="Short address of the agency."),
    OpenApiParameter("area", str, description="Short address of an area."),
    OpenApiParameter("show", str, enum=["past"], description="Meetings that are over."),
    OpenApiParameter("cursor", str, description="From `newer` or `older` of another page."),
]


class MeetingSerializer(serializers.Serializer[Meeting]):
    """`starts_at` and `ends_at` are instants; `timezone` names the clock that people are told.
    `revision` rises when time or place changes or the meeting is cancelled. Texts by language."""

    slug = serializers.CharField()
    uid = serializers.CharField()
    revision = serializers.IntegerField()
    state = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.DictField(source="title.as_dict", child=serializers.CharField())
    summary = serializers.DictField(source="summary.as_dict", child=serializers.CharField())
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    timezone = serializers.CharField()
    mode = serializers.CharField()
    place_name = serializers.CharField()
    place_address = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    capacity = serializers.IntegerField(allow_null=True)
    cancel_reason = serializers.DictField(
        source="cancel_reason.as_dict", child=serializers.CharField()
    )
    areas = serializers.SerializerMethodField()

    def get_areas(self, meeting: Meeting) -> list[str]:
        return [link.area.slug for link in meeting.areas.all()]


class MeetingPageSerializer(serializers.Serializer[Any]):
    """`newer` and `older` are cursors of the neighboring pages."""

    results = MeetingSerializer(many=True)
    newer = serializers.CharField(allow_null=True)
    older = serializers.CharField(allow_null=True)


class MeetingList(APIView):
    """What is coming, soonest first; or what is over, newest first."""

    @extend_schema(parameters=PARAMETERS, responses=MeetingPageSerializer)
    def get(self, request: Request) -> Response:
        agency = _agency(request._request)
        slug = request.query_params.get("area", "")
        area = Area.objects.filter(agency=agency, slug=slug).first() if slug else None
        is_past = request.query_params.get("show") == "past"
        listed = queries.past if is_past else queries.upcoming
        order = ("-starts_at", "-id") if is_past else ("starts_at", "id")
        page = keyset_page(
            listed(agency, area=area, now=timezone.now()),
            order=order,
            size=PAGE_SIZE,
            cursor=request.query_params.get("cursor"),
        )
        found = {"results": page.rows, "newer": page.newer, "older": page.older}
        return Response(MeetingPageSerializer(found).data)


def _agency(request: Any) -> Agency:
    found: PortalRequest = request
    if found.agency is None:
        raise Http404
    return found.agency
