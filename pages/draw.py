"""Draw a digit and watch a convolutional network see it."""

from cnnlib.ui import router
from cnnlib.ui.pages import draw as draw_room

router.open_page()

draw_room.show(
    title="Draw a digit",
    prose="The network reads it while you draw. Choose any cell of any map "
    "to see where it looks and what it sums.",
)
