"""The command line: parses, calls the library, and turns one error type into an exit code."""
