"""What the machine tells: memory, processors, devices, energy."""
