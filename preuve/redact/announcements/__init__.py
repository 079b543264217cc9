"""What stands beside a name for a secret: names, joints and values."""
