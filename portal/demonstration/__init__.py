"""An invented city with invented people, so that a newcomer sees a portal at work."""
