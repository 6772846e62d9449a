from django.urls import path

from concerns.views import desk_absence, desk_workload

urlpatterns = [
    path("workload/", desk_workload.workload, name="desk_workload"),
    path("absences/", desk_absence.absences, name="desk_absences"),
    path("absences/<int:number>/end/", desk_absence.end, name="desk_absence_end"),
]
