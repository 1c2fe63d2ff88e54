"""How much the clock does at a time."""

# As many as one round of the clock completes; the next round takes the next ones.
ONE_ROUND = 500
