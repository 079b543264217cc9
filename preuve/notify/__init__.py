"""Sends the result of a run: tickets in Jira, a message in Slack, a mail. No layer below this one uses a network for
it.
"""
