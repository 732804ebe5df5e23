"""Measuring and fitting: speed at scale, and the weights of the ranking."""
