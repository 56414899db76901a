"""Speed, memory and scale, measured next to what others need."""
