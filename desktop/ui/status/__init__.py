"""The scale: speed, memory, context and machine, always in view."""
