"""Requests and answers on the wire: only an answer that surely comes from AWS counts."""
