"""What one city hands to another: signed files of benchmarks, and whose signature is believed."""
