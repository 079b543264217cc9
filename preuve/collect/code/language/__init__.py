"""The values of Terraform and CloudFormation code, known or unknown. Does not know Checkov.

A value is known only if it is a literal or was computed here from known values. Everything else is `Unknown`, with
its causes.
"""
