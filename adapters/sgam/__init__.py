"""The architecture model of an installation: drawn up from its configuration, and written in several forms."""
