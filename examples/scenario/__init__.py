"""What the examples say, as canonical messages; `generate.py` beside this folder writes them as documents."""
