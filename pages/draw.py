"""Draw a digit and watch a convolutional network see it."""

from cnnlib.ui import router
from cnnlib.ui.pages import draw

router.open_page()
draw.show()
