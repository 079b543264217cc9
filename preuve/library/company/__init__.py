"""What a company owns: workspace, registers, waivers, baseline."""
