"""Files of the company: workspace, registers, waivers, baseline."""
