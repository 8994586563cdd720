"""The conformance suite: cases that any implementation of the coordination schemes can be held against."""
