"""Live objects of the window process that talk to workers, storage and machine; QtCore only."""
