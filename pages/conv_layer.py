"""The convolution layer: filters as deep as the input, what they make and cost; and backwards."""

from cnnlib.ui import router
from cnnlib.ui.pages import conv_layer

router.open_page()
conv_layer.show()
