"""What a meeting is in the database."""
