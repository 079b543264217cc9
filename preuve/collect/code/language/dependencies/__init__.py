"""All that is written of what a value rests on, where it is not known."""
