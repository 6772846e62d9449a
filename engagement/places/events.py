"""What places write into history; registered by the app's configuration."""

AGENCY_CREATED = "AGENCY_CREATED"
BOUNDARIES_IMPORTED = "BOUNDARIES_IMPORTED"
STREETS_IMPORTED = "STREETS_IMPORTED"
