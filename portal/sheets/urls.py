from django.urls import path

from portal.sheets import views

urlpatterns = [
    path("sheets/", views.sheets, name="desk_sheets"),
    path("sheets/order/", views.order, name="desk_sheet_order"),
    path("sheets/shifts/", views.shifts, name="desk_shifts"),
    path("sheets/<slug:slug>/", views.sheet, name="desk_sheet"),
    path("sheets/<slug:slug>/sheet.pdf", views.sheet_pdf, name="desk_sheet_pdf"),
    path("week/", views.week, name="desk_week"),
    path("week/week.pdf", views.week_pdf, name="desk_week_pdf"),
    path("week/week.csv", views.week_csv, name="desk_week_csv"),
]
