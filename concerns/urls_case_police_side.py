"""Verbs of a case about visits, numbers, marks and services."""

from django.urls import path

from concerns.views import desk_cad, desk_service, desk_wrong_door

CASE = "<str:reference>/"

urlpatterns = [
    path(f"{CASE}visit/", desk_cad.visit, name="desk_concern_visit"),
    path(f"{CASE}visit/<int:number>/back/", desk_cad.visit_back, name="desk_concern_visit_back"),
    path(f"{CASE}numbers/", desk_cad.number, name="desk_concern_number"),
    path(
        f"{CASE}numbers/<int:number>/remove/",
        desk_cad.number_remove,
        name="desk_concern_number_remove",
    ),
    path(f"{CASE}calls/<int:number>/", desk_cad.call_hint, name="desk_concern_call_hint"),
    path(f"{CASE}wrong-door/", desk_wrong_door.wrong_door_page, name="desk_concern_wrong_door"),
    path(f"{CASE}wrong-door/mark/", desk_wrong_door.mark, name="desk_concern_wrong_door_mark"),
    path(f"{CASE}wrong-door/no-number/", desk_wrong_door.no_number, name="desk_concern_no_number"),
    path(
        f"{CASE}wrong-door/<int:number>/take/",
        desk_wrong_door.take_over,
        name="desk_concern_wrong_door_take",
    ),
    path(
        f"{CASE}wrong-door/<int:number>/called/",
        desk_wrong_door.called,
        name="desk_concern_wrong_door_called",
    ),
    path(
        f"{CASE}wrong-door/<int:number>/end/",
        desk_wrong_door.end,
        name="desk_concern_wrong_door_end",
    ),
    path(f"{CASE}service/", desk_service.service_plan, name="desk_concern_service"),
    path(f"{CASE}survey/", desk_service.survey, name="desk_concern_survey"),
]
