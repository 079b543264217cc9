"""CloudFormation's language: templates, their functions, and what their resources come to."""
