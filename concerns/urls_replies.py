from django.urls import path

from concerns.views import desk_templates

urlpatterns = [
    path("", desk_templates.templates, name="desk_templates"),
    path("new/", desk_templates.template, name="desk_template_new"),
    path("<int:number>/", desk_templates.template, name="desk_template"),
]
