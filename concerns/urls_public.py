from django.urls import path

from concerns.views import (
    public_help,
    public_join,
    public_joined,
    public_my,
    public_photos,
    public_print,
    public_report,
    public_track,
)

urlpatterns = [
    path("report/", public_help.report, name="report"),
    path("report/worker.js", public_help.worker, name="report_worker"),
    path("report/phrases.json", public_help.phrases, name="report_phrases"),
    path("report/new/", public_report.report_new, name="report_new"),
    path("report/done/", public_report.report_done, name="report_done"),
    path("report/paper/", public_print.paper, name="report_paper"),
    path("r/<str:code>/", public_print.campaign, name="campaign"),
    path("report/mine-too/", public_join.mine_too, name="mine_too"),
    path("track/joined/", public_joined.joined, name="joined"),
    path("track/", public_track.track, name="track"),
    path("track/link/<str:token>/", public_track.track_link, name="track_link"),
    path("track/photo/<str:signed>/", public_photos.track_photo, name="track_photo"),
    path("my/", public_my.my, name="my"),
]
