"""Network models for the clearing: direct-current transmission, linear and exact power flow of radial feeders.

============  =======================================================================================
model         the canonical values: lines, sections, feeders, a whole network; checked when they are built
transmission  arrays of the transmission network: one factorisation, flows, PTDF rows on demand
radial        arrays of all feeders side by side: LinDistFlow flows and voltages, their rows on demand
sweep         the exact power flow of one feeder, by another route than `radial`
============  =======================================================================================
"""
