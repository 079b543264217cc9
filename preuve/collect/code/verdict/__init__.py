"""What a result is worth: verdicts that rest on what is known, and the values that decided them."""
