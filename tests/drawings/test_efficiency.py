import pytest

from cnnlib.conv import correlate2d
from cnnlib.drawings.efficiency import Efficiency
from cnnlib.walkthroughs.links import link


def test_figure_9_6():
    figure = Efficiency((280, 320), (1, 2))
    assert figure.output == (280, 319)
    assert figure.operations == 319 * 280 * 3 == 267_960
    assert figure.entries == 8_003_072_000
    assert figure.dense_operations == 16_006_054_680
    assert figure.nonzeros == 178_640
    assert figure.storage_ratio == 4_001_536_000
    assert round(figure.operations_ratio) == 59_733


@pytest.mark.parametrize(("picture", "kernel"), [((5, 4), (3, 2)), ((3, 3), (1, 1))])
def test_counts_are_those_of_the_products_themselves(picture, kernel):
    figure = Efficiency(picture, kernel)
    links = link(picture, kernel, operation="cross-correlation", padding="valid")
    assert figure.nonzeros == len(links.output)
    assert figure.output == links.output_shape
    ones = [[1] * picture[1]] * picture[0], [[1] * kernel[1]] * kernel[0]
    products = correlate2d(*ones).sum()
    assert figure.operations == products + (products - figure.outputs)


def test_a_kernel_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="kernel 3"):
        Efficiency((2, 9), (3, 3))
