"""Tells the result of a run: tickets in Jira, a message in Slack, a mail. Nothing below this has a network for it."""
