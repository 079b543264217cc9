"""An organization on GitHub that answers on 127.0.0.1."""
