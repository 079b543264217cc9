"""preuve's own checks of one block: settings, ports, documents, relations, commands. A rule names one as its `ask`."""
