"""What is being downloaded, and what may be done with it."""
