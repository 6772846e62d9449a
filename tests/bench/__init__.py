"""Measures the portal against frozen yardsticks; `make bench` prints the table."""
