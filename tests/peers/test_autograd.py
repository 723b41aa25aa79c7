import pytest

from cnnlib.lessons.receptive_fields import State
from cnnlib.models.stack import STACKS, Stack, parse
from cnnlib.peers.autograd import FieldCall


@pytest.mark.parametrize("name", ["two 5×5", "LeNet-5", "dilated"])
def test_pytorch_measures_the_same_field(name):
    layers, size = STACKS[name]
    state = State(layers=layers, size=size)
    unit = state.cell
    peer = FieldCall(state.stack, unit.panel, unit.row, unit.column).peer()
    assert "gives the same" in peer.compare(state.mask())
    wrong = state.mask()
    wrong[0, 0] = not wrong[0, 0]
    assert "differs" in peer.compare(wrong)


def test_the_text_names_every_layer():
    call = FieldCall(Stack(9, parse("conv3p1, pool2")), 2, 0, 0)
    assert "[(3, 1, 1, 1), (2, 2, 0, 1)]" in call.peer().text
