"""Memory that the process keeps, so that no step has to ask the system for its own."""

import torch

_BLOCK = 30 * 2**20  # bytes; from 32 MiB on, a block counts for nothing here


def keep_freed() -> None:
    """Let memory that a step frees stay with the process for the next step.

    The C library (glibc, malloc's M_TRIM_THRESHOLD) gives back what is free at the end of its
    memory once that is twice the largest block that was ever freed. A small network's steps
    free more, and to be given fresh pages again costs them a third of their time.
    """
    torch.empty(_BLOCK, dtype=torch.uint8)
