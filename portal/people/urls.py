from django.urls import path

from portal.people import devices, directory, joining, lists, person, signing_up

urlpatterns = [
    path("desk/people/", lists.people, name="desk_people"),
    path("desk/people/invite/", lists.invite, name="desk_people_invite"),
    path(
        "desk/people/invitations/<int:number>/again/",
        lists.invite_again,
        name="desk_invitation_again",
    ),
    path(
        "desk/people/invitations/<int:number>/withdraw/",
        lists.withdraw,
        name="desk_invitation_withdraw",
    ),
    path("desk/people/steps/<int:number>/confirm/", lists.confirm_step, name="desk_step_confirm"),
    path("desk/people/steps/<int:number>/refuse/", lists.refuse_step, name="desk_step_refuse"),
    path("desk/people/<int:number>/", person.person, name="desk_person"),
    path("desk/people/<int:number>/role/", person.give_role, name="desk_person_role"),
    path(
        "desk/people/<int:number>/roles/<int:grant>/end/",
        person.end_role,
        name="desk_person_role_end",
    ),
    path("desk/people/<int:number>/area/", person.give_area, name="desk_person_area"),
    path(
        "desk/people/<int:number>/areas/<int:assignment>/end/",
        person.end_area,
        name="desk_person_area_end",
    ),
    path("desk/people/<int:number>/reset/", person.reset, name="desk_person_reset"),
    path("desk/people/<int:number>/leave/", person.leave, name="desk_person_leave"),
    path("desk/people/devices/", devices.of_agency, name="desk_devices"),
    path("desk/people/devices/new/", devices.register_shared, name="desk_device_new"),
    path("desk/people/devices/<int:number>/revoke/", devices.revoke_any, name="desk_device_revoke"),
    path("account/devices/", devices.mine, name="account_devices"),
    path("account/devices/new/", devices.register_own, name="account_device_new"),
    path("account/devices/<int:number>/revoke/", devices.revoke_own, name="account_device_revoke"),
    path("account/shift/end/", devices.end_shift, name="account_end_shift"),
    path("account/signup/", signing_up.sign_up, name="account_signup"),
    path("account/directory/", directory.choose, name="account_directory"),
    path("account/directory/confirm/", directory.confirm, name="account_directory_confirm"),
    path("account/directory/<slug:slug>/", directory.start, name="account_directory_start"),
    path(
        "account/directory/<slug:slug>/connect/",
        directory.start_connecting,
        name="account_directory_connect",
    ),
    path(
        "account/directory/<slug:slug>/invited/<str:token>/",
        directory.start_invited,
        name="account_directory_invited",
    ),
    path(
        "account/directory/<slug:slug>/callback/",
        directory.callback,
        name="account_directory_callback",
    ),
    path(
        "account/directory/<slug:slug>/logged-out/",
        directory.logged_out,
        name="account_directory_logged_out",
    ),
    path("account/invitation/<str:token>/", joining.invitation, name="account_invitation"),
]
