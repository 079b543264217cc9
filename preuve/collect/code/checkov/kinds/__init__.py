"""Each kind of code, judged by Checkov's checks and preuve's own."""
