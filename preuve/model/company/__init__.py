"""The company's own data: workspace, registers and their sources, indicators, notices."""
