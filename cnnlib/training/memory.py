"""Memory that the process keeps, so that no step has to ask the system for its own."""

import torch

_BLOCK = 30 * 2**20  # bytes; the C library does not count blocks of 32 MiB or more


def keep_freed() -> None:
    """Let memory that a step frees stay with the process for the next step.

    The C library (glibc, malloc's M_TRIM_THRESHOLD) gives free memory at its end back to the
    system once there is twice as much as the largest block that was ever freed. The steps of a
    small network free more than that, and would spend a third of their time on getting fresh
    pages again. Freeing one large block here raises the threshold.
    """
    torch.empty(_BLOCK, dtype=torch.uint8)
