"""Child processes: one loop that reads requests and writes events, and its roles."""
