"""One folder per source, and what the network sources share."""
