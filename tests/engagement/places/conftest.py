import pytest

from engagement.places.models import Agency


@pytest.fixture
def agency(db: None) -> Agency:
    """The invented town's police, as a request would have read them."""
    return Agency.objects.create(slug="millbrook", name="Millbrook Police")


@pytest.fixture
def elsewhere(db: None) -> Agency:
    return Agency.objects.create(slug="elsewhere", name="Elsewhere Police")
