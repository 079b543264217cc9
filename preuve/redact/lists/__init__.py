"""The names of secrets, and the forms of each service's secrets."""
