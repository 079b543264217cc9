"""Many accounts: each is read into its own part, on any machine, and all of them are judged in one place."""
