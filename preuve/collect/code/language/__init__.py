"""What code comes to: values of Terraform and of CloudFormation, known or unknown. Knows nothing of Checkov.

A value is known only if it is written out, or if it was computed here from known values. Everything else is `Unknown`,
with what it is that is not known.
"""
