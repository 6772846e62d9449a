"""Areas as JSON, for other programs; outlines are under /places/areas/."""

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from concerns.published.views import known_agency
from engagement.places.models import Area
from engagement.places.queries import agency_areas


class AreaSerializer(serializers.Serializer[Area]):
    """`slug` is what filters by area take; `outlines` is the path of the layer's GeoJSON."""

    layer = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    slug = serializers.CharField()
    outlines = serializers.SerializerMethodField()

    def get_outlines(self, area: Area) -> str:
        return reverse("places_areas", args=(self.context["agency_slug"], area.layer))


class AreaList(APIView):
    """Every area in force today, of the layer residents know and of the police's own."""

    @extend_schema(
        parameters=[OpenApiParameter("agency", str, description="Short address of the agency.")],
        responses=AreaSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        agency = known_agency(request._request)
        layers = dict.fromkeys((agency.public_layer, agency.responsible_layer))
        areas = [area for layer in layers for area in agency_areas(agency, layer)]
        context = {"agency_slug": agency.slug}
        return Response([AreaSerializer(area, context=context).data for area in areas])
