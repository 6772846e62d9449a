"""Every door of the portal. Apps own their paths; this file only joins them."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
