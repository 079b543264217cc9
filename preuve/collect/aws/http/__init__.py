"""Requests and answers on the wire: what is not surely AWS's is no answer."""
