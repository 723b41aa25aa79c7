"""Pen strokes, pixels and pictures, what a network reads in them, and kernels over them."""
