"""Where notices go: Jira, Slack, mail."""
