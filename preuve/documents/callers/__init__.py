"""Who may send a request: principals, identity providers, and conditions that tell one of them from all others."""
