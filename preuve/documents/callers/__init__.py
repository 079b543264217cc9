"""Who may send a request: principals, identity providers, and conditions that single one of them out."""
