"""Streamlit: the lessons' registry, the page frame, sessions and components.

Code in here computes nothing that is taught; it carries values between the browser and
the core. Nothing below this level may import it.
"""

import os

# Read by NumPy when it is first imported, so it stands before anything that imports it. One
# image's products are too small to share out: beside busy cores, two threads waiting for each
# other take a hundred times as long as one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
