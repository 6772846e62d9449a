from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConcernsConfig(AppConfig):
    name = "concerns"
    label = "concerns"
    verbose_name = _("Concerns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from concerns import (
            filter_notices,
            joiner_notices,
            notice_kinds,
            partner_notices,
            registry,
            rekeying,
        )
        from concerns.actions.boundaries import open_work_told
        from concerns.actions.categories import give_categories
        from concerns.actions.danger import give_phrases
        from concerns.actions.erasing import register as register_erasing
        from concerns.actions.handing_over import hand_over, held
        from engagement.people.staffing_registry import Handover, register_handover
        from engagement.places.registry import register_furnisher, register_sequel

        registry.register_names()
        notice_kinds.register_kinds()
        joiner_notices.register_kinds()
        filter_notices.register_kinds()
        partner_notices.register_kinds()
        rekeying.register()
        register_erasing()
        register_sequel(open_work_told)
        register_furnisher(give_categories)
        register_furnisher(give_phrases)
        register_handover(Handover("concerns", _("Open concerns"), held=held, hand_over=hand_over))
