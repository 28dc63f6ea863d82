"""Finding models: the list, the card of one, and what stands in the way."""
