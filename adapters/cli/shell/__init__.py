"""What the verbs of the command line share: the terminal, and options of the same meaning."""
