"""Thin shells around the outside world: files, network, terminal, clock.

An adapter moves bytes and shows values. It decides nothing of the market.
"""
