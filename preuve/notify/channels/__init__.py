"""The channels of notices: Jira, Slack, mail."""
