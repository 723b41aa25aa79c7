"""Convolution in two dimensions: three methods, one cursor, and the sweep's hyperparameters."""

from cnnlib.ui import router
from cnnlib.ui.pages import convolution_2d

router.open_page()
convolution_2d.show()
