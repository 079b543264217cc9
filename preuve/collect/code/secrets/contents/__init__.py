"""What values hold: pairs, packed texts, and what comes from outside of the code."""
