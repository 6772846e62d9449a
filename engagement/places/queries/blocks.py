"""The blocks of an agency, read once per revision and process."""

from engagement.places.blocks import Blocks, Cell
from engagement.places.index import Bounds
from engagement.places.memory import Memory
from engagement.places.models import Agency, Block

COLUMNS = ("west", "south", "east", "north", "lon", "lat", "numbers")


def blocks_of(agency: Agency) -> Blocks | None:
    """The agency's blocks, None while it has no addresses. No query while the revision is known."""
    blocks = _blocks.of(agency.pk, agency.street_revision)
    return blocks if blocks.cells else None


def _build(agency_id: int, revision: int) -> Blocks:
    rows = Block.objects.filter(agency_id=agency_id).order_by("id").values_list(*COLUMNS)
    return Blocks.of((Cell(Bounds(*row[:4]), *row[4:]) for row in rows), revision=revision)


_blocks: Memory[Blocks] = Memory(_build, size=40)
