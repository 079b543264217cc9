"""Each kind of code, judged by Checkov's checks and our own."""
