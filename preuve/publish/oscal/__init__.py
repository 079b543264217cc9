"""OSCAL 1.2.1 of NIST: assessment results and a plan of action, written from an assessment; preuve uses OSCAL only for
output.
"""
