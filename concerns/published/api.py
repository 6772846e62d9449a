"""Published concerns as JSON, for other programs. The same rows and filters as the list."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from concerns.published.models import PublicConcern
from concerns.published.queries import published_branches, published_one
from concerns.published.rows import STATES
from concerns.published.views import filter_of, known_agency
from engagement.doors.paging import keyset_page_of
from engagement.keys.references import BadReference, normalise

PAGE_SIZE = 100
PARAMETERS = [
    OpenApiParameter("agency", str, description="Short address of the agency."),
    OpenApiParameter("category", str, many=True, description="Codes of kinds."),
    OpenApiParameter("progress", str, enum=["open", "done", *STATES]),
    OpenApiParameter("area", str, description="Short address of an area."),
    OpenApiParameter("since", str, description="First day of receipt, like 2026-03-01."),
    OpenApiParameter("until", str, description="Last day of receipt."),
    OpenApiParameter("q", str, description="Words in summary, kind or place."),
    OpenApiParameter("cursor", str, description="From `newer` or `older` of another page."),
]


class UpdateSerializer(serializers.Serializer[Any]):
    """What staff told the public later; texts by language."""

    published_on = serializers.DateField()
    text = serializers.DictField(source="text.as_dict", child=serializers.CharField())


class ConcernSerializer(serializers.Serializer[PublicConcern]):
    """One published concern; `longitude` and `latitude` name a fixed anchor, never the place."""

    reference = serializers.CharField()
    category = serializers.CharField(source="category_code")
    category_label = serializers.DictField(
        source="category_label.as_dict", child=serializers.CharField()
    )
    state = serializers.CharField()
    outcome = serializers.CharField()
    precision = serializers.CharField()
    place = serializers.CharField(source="place_label")
    longitude = serializers.FloatField(source="anchor_lon", allow_null=True)
    latitude = serializers.FloatField(source="anchor_lat", allow_null=True)
    summary = serializers.DictField(source="summary.as_dict", child=serializers.CharField())
    received_on = serializers.DateField()
    published_on = serializers.DateField()
    resolved_on = serializers.DateField(allow_null=True)


class ConcernDetailSerializer(ConcernSerializer):
    updates = UpdateSerializer(many=True, source="updates.all")


class ConcernPageSerializer(serializers.Serializer[Any]):
    """`newer` and `older` are cursors of the neighboring pages."""

    results = ConcernSerializer(many=True)
    newer = serializers.CharField(allow_null=True)
    older = serializers.CharField(allow_null=True)


class ConcernList(APIView):
    """Newest first, a hundred at a time."""

    @extend_schema(
        operation_id="concerns_list", parameters=PARAMETERS, responses=ConcernPageSerializer
    )
    def get(self, request: Request) -> Response:
        agency = known_agency(request._request)
        wanted = filter_of(request._request, agency).wanted()
        parts = published_branches(agency=agency, wanted=wanted)
        page = keyset_page_of(parts, size=PAGE_SIZE, cursor=request.query_params.get("cursor"))
        found = {"results": page.rows, "newer": page.newer, "older": page.older}
        return Response(ConcernPageSerializer(found).data)


class ConcernDetail(APIView):
    """One published concern with its updates."""

    @extend_schema(operation_id="concerns_retrieve", responses=ConcernDetailSerializer)
    def get(self, request: Request, reference: str) -> Response:
        agency = known_agency(request._request)
        try:
            concern = published_one(agency=agency, reference=normalise(reference))
        except BadReference:
            concern = None
        if concern is None:
            raise Http404
        return Response(ConcernDetailSerializer(concern).data)
