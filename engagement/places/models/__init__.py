from engagement.places.models.agencies import Agency, Holiday, Hotline
from engagement.places.models.areas import Area, AreaVersion
from engagement.places.models.streets import Corner, Street

__all__ = ["Agency", "Area", "AreaVersion", "Corner", "Holiday", "Hotline", "Street"]
