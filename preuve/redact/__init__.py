"""The one door into a snapshot: pseudonyms for people, no secret kept, files written beside and renamed."""
