"""Receptive fields: what a unit at any depth sees of the picture, in theory and in effect."""

from cnnlib.ui import router
from cnnlib.ui.pages import receptive_fields

router.open_page()
receptive_fields.show()
