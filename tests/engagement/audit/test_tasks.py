from pathlib import Path

from engagement.audit.models import Anchor, Link
from engagement.audit.tasks import anchor, seal
from tests.engagement.audit.conftest import light


def test_the_clock_seals_and_anchors(committed_database: str, heads_folder: Path) -> None:
    light()
    while not Link.objects.exists():
        seal(sent_by="a newer version")
    anchor()
    assert Anchor.objects.count() == 1
    assert len(list(heads_folder.glob("anchor-*.json"))) == 1
