from django.urls import path

from portal.transparency import views

urlpatterns = [path("transparency/", views.figures, name="transparency")]
