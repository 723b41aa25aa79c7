"""Classic kernels: a picture, a kernel, the result, and every product under the pointer."""

from cnnlib.ui import router
from cnnlib.ui.pages import kernels

router.open_page()
kernels.show()
