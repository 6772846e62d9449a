"""What the portal asks of other servers; the only room that opens connections to them."""
