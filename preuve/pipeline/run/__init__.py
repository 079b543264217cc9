"""The work of scans and audits: prepare, collect, judge, write."""
