"""The market itself: canonical values and pure rules.

Nothing in this package imports another package of the project, reads a clock, draws a random number, or does input
or output. The exception is :mod:`gateway.__main__`, the composition root, which alone imports upward.
"""
