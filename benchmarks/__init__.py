"""Each figure that the README claims, side by side with its peer, in one run: `make bench`."""
