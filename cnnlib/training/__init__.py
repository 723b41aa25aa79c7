"""Training with PyTorch. Only `model`, `vary`, `trainer` and `pretrain` here may import torch.

`config`, `events` and `evaluate` stay free of it, so that a page can describe a run, and a
shell can measure one, without loading it. Imports run from here to the core, never back.
"""
