"""Builders that turn an operation into a walkthrough, in NumPy; `geometry` gives all positions."""

from cnnlib.walkthroughs.build import convolution
from cnnlib.walkthroughs.laws import Sides, associativity, commutativity
from cnnlib.walkthroughs.pooling import pooling
from cnnlib.walkthroughs.predict import predict, predict_size, question
from cnnlib.walkthroughs.transposed import transposed

__all__ = [
    "Sides",
    "associativity",
    "commutativity",
    "convolution",
    "pooling",
    "predict",
    "predict_size",
    "question",
    "transposed",
]
