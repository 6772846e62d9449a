"""Prevention advice is reference data and managed here; what was published never appears."""

from django.contrib import admin

from concerns.published.models import Prevention
from engagement.doors.admin import AuditedAdmin, site


@admin.register(Prevention, site=site)
class PreventionAdmin(AuditedAdmin):
    list_display = ("category_code", "agency")
    list_filter = ("agency",)
    list_select_related = ("agency",)
    search_fields = ("category_code",)
    ordering = ("agency", "category_code")
