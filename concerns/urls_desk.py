from django.urls import path

from concerns.views import (
    desk_case,
    desk_intake,
    desk_photos,
    desk_print,
    desk_publish,
    desk_queue,
    desk_reporter,
    desk_spam,
    desk_verbs,
)

urlpatterns = [
    path("", desk_queue.queue, name="desk_concerns"),
    path("suspected/", desk_spam.suspected, name="desk_suspected"),
    path("suspected/judge/", desk_spam.judge, name="desk_suspected_judge"),
    path("suspected/slow-down/", desk_spam.slow_down, name="desk_slow_down"),
    path("from-reporters/", desk_reporter.from_reporters, name="desk_from_reporters"),
    path("new/", desk_intake.file, name="desk_concern_new"),
    path("script/<str:language>/", desk_print.script, name="desk_script"),
    path("poster/", desk_print.posters, name="desk_posters"),
    path("poster/<str:code>/", desk_print.poster, name="desk_poster"),
    path("<str:reference>/delay/", desk_reporter.delay, name="desk_concern_delay"),
    path("<str:reference>/removal/", desk_reporter.removal, name="desk_concern_removal"),
    path("<str:reference>/", desk_case.case, name="desk_concern"),
    path(
        "<str:reference>/photos/<str:key>/",
        desk_photos.photo,
        name="desk_concern_photo",
    ),
    path(
        "<str:reference>/photos/<str:key>/show/",
        desk_photos.show,
        name="desk_concern_photo_show",
    ),
    path(
        "<str:reference>/photos/<str:key>/covered/",
        desk_photos.covered,
        name="desk_concern_photo_covered",
    ),
    path(
        "<str:reference>/photos/<str:key>/hide/",
        desk_photos.hide,
        name="desk_concern_photo_hide",
    ),
    path("<str:reference>/accept/", desk_verbs.accept, name="desk_concern_accept"),
    path("<str:reference>/start/", desk_verbs.start, name="desk_concern_start"),
    path("<str:reference>/reply/", desk_verbs.reply, name="desk_concern_reply"),
    path("<str:reference>/note/", desk_verbs.note, name="desk_concern_note"),
    path("<str:reference>/resolve/", desk_verbs.resolve, name="desk_concern_resolve"),
    path("<str:reference>/reopen/", desk_verbs.reopen, name="desk_concern_reopen"),
    path("<str:reference>/assign/", desk_verbs.assign, name="desk_concern_assign"),
    path("<str:reference>/category/", desk_verbs.category, name="desk_concern_category"),
    path("<str:reference>/publish/", desk_publish.publish, name="desk_concern_publish"),
    path("<str:reference>/unpublish/", desk_publish.unpublish, name="desk_concern_unpublish"),
]
