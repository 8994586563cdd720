"""A market from a folder: documents in, the procurement and every answer out, with no peer and no clock.

Pure but for what it is handed: `reception` judges the documents one by one, `run` clears what was
accepted, `outputs` turns the outcome into named files. The same files and settings give the same bytes.
"""
