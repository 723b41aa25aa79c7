"""Builders: an operation → a walkthrough. NumPy only; positions come from `geometry` alone."""

from cnnlib.walkthroughs.build import convolution
from cnnlib.walkthroughs.laws import Sides, associativity, commutativity
from cnnlib.walkthroughs.pooling import pooling
from cnnlib.walkthroughs.predict import predict, predict_size
from cnnlib.walkthroughs.transposed import transposed

__all__ = [
    "Sides",
    "associativity",
    "commutativity",
    "convolution",
    "pooling",
    "predict",
    "predict_size",
    "transposed",
]
