"""What identifies a person by its form: e-mail addresses and numbers."""
