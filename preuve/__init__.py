"""Policy-as-code compliance for AWS and infrastructure as code."""

__version__ = "0.1.0"
