"""Pooling: one number for each window, nothing learned, and what a small shift still changes."""

from cnnlib.ui import router
from cnnlib.ui.pages import pooling

router.open_page()
pooling.show()
