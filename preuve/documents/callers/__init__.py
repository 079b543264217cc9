"""The senders of a request: principals, identity providers, and conditions that restrict them."""
