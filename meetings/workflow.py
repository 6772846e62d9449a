"""Which moves a meeting and an answer to it allow. Pure."""
