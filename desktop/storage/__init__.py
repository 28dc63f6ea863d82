"""Files and databases of the app."""
