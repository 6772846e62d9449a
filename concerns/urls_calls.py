from django.urls import path

from concerns.views import desk_calls

urlpatterns = [
    path("", desk_calls.calls, name="desk_calls"),
    path("<int:number>/", desk_calls.call, name="desk_call"),
    path("<int:number>/open/", desk_calls.open_call, name="desk_call_open"),
    path("<int:number>/result/", desk_calls.result, name="desk_call_result"),
]
