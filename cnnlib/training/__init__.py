"""Training with PyTorch: the only folder that imports torch, and only processes that train do so.

What a run is told and what it tells is in `cnnlib.runs`, which pages may import.
"""
