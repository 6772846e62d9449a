"""Asks which police department is meant, where several share the installation."""

from django.http import HttpResponse
from django.shortcuts import render

from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency


def choose_agency(request: PortalRequest) -> HttpResponse:
    """The page that stands in for one that needs to know the agency."""
    context = {"agencies": Agency.objects.order_by("name"), "next_path": request.path}
    return render(request, "doors/choose_agency.html", context)
