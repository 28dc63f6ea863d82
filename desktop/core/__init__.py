"""The domain: what things are and which changes are legal; standard library only."""
