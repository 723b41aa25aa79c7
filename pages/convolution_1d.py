"""Convolution in one dimension: three methods, one cursor."""

from cnnlib.ui import router
from cnnlib.ui.pages import convolution_1d

router.open_page()
convolution_1d.show()
