"""Pages of meetings, by journey."""
