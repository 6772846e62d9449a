"""What people do with meetings, one verb each."""
