"""What is inside a recording: clusters, windows, clips, renditions, repair."""
