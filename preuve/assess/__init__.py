"""Pure judgement: (library, snapshot, workspace, now) to results. No network, no clock, no environment."""
