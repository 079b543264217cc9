"""The only way into a snapshot: pseudonyms for people, no secret kept, files written elsewhere and renamed."""
