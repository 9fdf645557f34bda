"""How a whole clinic runs on one machine: its environment, its broker, its mail, its processes."""
