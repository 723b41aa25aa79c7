"""Talks: present one, make one, take one along."""

from cnnlib.ui import router
from cnnlib.ui.talk import talks_room

router.open_page()

talks_room.show()
