"""GeoReport v2 (Open311): the client that files with a city's own 311 and asks how it stands."""
