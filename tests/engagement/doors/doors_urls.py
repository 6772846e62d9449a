"""One view behind each kind of door, for tests, beside the portal's own pages."""

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagement.doors.access import (
    actor_of,
    cacheable,
    open_page,
    operator_page,
    public_page,
    signed_in_page,
    staff_page,
)
from engagement.people.models import User
from portal.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]


def role_now() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def answer(request: HttpRequest) -> HttpResponse:
    agency = request.agency  # type: ignore[attr-defined]
    return JsonResponse(
        {
            "agency": agency.slug if agency else None,
            "role": role_now(),
            "client": request.client,  # type: ignore[attr-defined]
            "meta": {name: str(value) for name, value in request.META.items()},
        }
    )


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody should read this")


def late(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(
        "{{ role }}{% if user.is_authenticated %} known{% endif %}"
    )
    return TemplateResponse(request, template, {"role": role_now})


def peeking(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(User.objects.count()))


def foreign(request: HttpRequest) -> HttpResponse:
    raise Http404("concern 4711 of another agency")


def whose(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(actor_of(request).user_id))


class Figures(APIView):
    def get(self, request: Request) -> Response:
        return Response({"figure": 1})


urlpatterns = [
    path("trial/forgotten/", forgotten, name="trial_forgotten"),
    path("trial/public/", public_page(answer), name="trial_public"),
    path("trial/kept/", cacheable(60)(public_page(answer)), name="trial_kept"),
    path("trial/late/", public_page(late), name="trial_late"),
    path("trial/peeking/", public_page(peeking), name="trial_peeking"),
    path("trial/open/", open_page(lambda request: answer(request)), name="trial_open"),
    path("trial/foreign/", staff_page("trial.read")(foreign), name="trial_foreign"),
    path("trial/signed-in/", signed_in_page(lambda request: answer(request)), name="trial_own"),
    path("trial/staff/", staff_page("trial.read")(lambda r: answer(r)), name="trial_staff"),
    path("trial/whose/", staff_page("trial.read")(whose), name="trial_whose"),
    path("trial/operator/", operator_page(lambda request: answer(request)), name="trial_operator"),
    path("api/trial/closed/", Figures.as_view(), name="trial_api_closed"),
    path("api/trial/", staff_page("trial.read")(Figures.as_view()), name="trial_api"),
    path("report/trial/", open_page(lambda request: answer(request)), name="trial_report"),
    path("", include("portal.urls")),
]
