"""CloudFormation's language: templates, their functions, and the values of their resources."""
