"""Many accounts: each read into a part of its own, wherever, and all of them judged at one place."""
