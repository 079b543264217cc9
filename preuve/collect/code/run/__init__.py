"""A scan: divided into units, taken from earlier runs, evaluated in a worker process, written."""
