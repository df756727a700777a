"""Pages as they come back: a printed form, marked by many hands, then copied, scanned or photographed.

Everything is drawn from a seed, so that any page can be made again. docs/reading.md describes it in words.
"""
