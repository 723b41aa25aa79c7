"""Training with PyTorch: the only folder that imports torch, loaded only in processes that train.

The settings and the events of a run are in `cnnlib.runs`, which pages may import.
"""
