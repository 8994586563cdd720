"""Standards and the canonical model: bytes in, values out, and back.

One module holds one market document, grid format or field mapping. Parsing is pure and lives here; fetching the bytes
is thin and lives in :mod:`adapters`.
"""
