"""Streamlit: the lessons' registry, the page frame, sessions and components.

Code in here computes nothing that is taught; this code carries values between the browser and the
core. Nothing below this level may import it.
"""

import os

# NumPy reads this setting when first imported, so the setting stands before all imports of NumPy.
# One image's products are too small to share out: beside busy cores, two threads waiting for each
# other take a hundred times as long as one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
