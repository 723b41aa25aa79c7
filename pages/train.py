"""Train a small network live: watch it learn, take a step apart, and draw a digit for it."""

from cnnlib.ui import router
from cnnlib.ui.train import train_room

router.open_page()

train_room.show("Train a network")
