"""What all tests share: one thread, and no stopwatch on generated examples."""

import os

from hypothesis import settings

# Read by NumPy and PyTorch when they are first imported: two threads that share two cores
# with a browser or a server slow small operations a hundredfold.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

# How long an example takes depends on what else the machine does.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
