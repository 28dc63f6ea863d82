"""What crosses a process border: messages and their encoding."""
