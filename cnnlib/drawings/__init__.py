"""Pen strokes, pixels and pictures; a network that reads them, and kernels that filter them."""
