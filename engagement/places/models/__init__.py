from engagement.places.models.addresses import Address, Block
from engagement.places.models.agencies import Agency, Holiday, Hotline
from engagement.places.models.areas import Area, AreaVersion
from engagement.places.models.streets import Corner, Street

__all__ = [
    "Address",
    "Agency",
    "Area",
    "AreaVersion",
    "Block",
    "Corner",
    "Holiday",
    "Hotline",
    "Street",
]
