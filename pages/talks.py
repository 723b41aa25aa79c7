"""Talks: present one, make one, take one along."""

from cnnlib.ui import router
from cnnlib.ui.talks import room

router.open_page()

room.show()
