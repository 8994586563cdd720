"""Schemes side by side: the study that a person writes, and the files that a comparison leaves.

==========  =========================================================================
study_file  a study as a person writes it in TOML
outputs     a comparison as JSON for programs and as CSV for tables
==========  =========================================================================
"""
