"""Meetings and outreach events: announced, answered, moved, remembered."""
