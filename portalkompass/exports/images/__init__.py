"""Pictures: composition around the chart, and the child process that draws."""
