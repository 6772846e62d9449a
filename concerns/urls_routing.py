from django.urls import path

from concerns.views import desk_calls_file, desk_rules, desk_teams

urlpatterns = [
    path("routing/", desk_rules.routing, name="desk_routing"),
    path("routing/late/", desk_rules.clocks, name="desk_routing_late"),
    path("routing/new/", desk_rules.rule, name="desk_rule_new"),
    path("routing/<int:number>/", desk_rules.rule, name="desk_rule"),
    path("routing/<int:number>/order/", desk_rules.order, name="desk_rule_order"),
    path("calls/", desk_calls_file.calls_file, name="desk_calls_file"),
    path("teams/", desk_teams.teams, name="desk_teams"),
    path("teams/<int:number>/", desk_teams.team, name="desk_team"),
]
