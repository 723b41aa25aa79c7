"""Networks before and after they have weights: architectures, costs, receptive fields, files."""
