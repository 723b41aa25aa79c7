"""Train a small network live: watch it learn, take a step apart, and draw a digit for it."""

from cnnlib.ui import router
from cnnlib.ui.pages import train

router.open_page()
train.show()
