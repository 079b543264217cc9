"""The eleven months before the audit of the demonstration company: four audits, and a scan each week."""
