"""The models on this machine, and what is done to them."""
