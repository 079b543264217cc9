"""What a company owns and sets: workspace, registers and what fills them, indicators, notices."""
