"""Drives boto3 from the collector declarations; read-only."""
