"""Pages beside the cases: what must be acted on at once, who is on duty, and the round."""

from django.urls import path

from concerns.views import desk_duty, desk_service, desk_wrong_door

urlpatterns = [
    path("wrong-doors/", desk_wrong_door.wrong_doors, name="desk_wrong_doors"),
    path("duty/", desk_duty.duty, name="desk_duty"),
    path("duty/<int:number>/end/", desk_duty.off_duty, name="desk_duty_off"),
    path("services/", desk_service.services, name="desk_services"),
]
