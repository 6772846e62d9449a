"""Forty invented agencies with years of concerns, so that speed can be measured at size."""
