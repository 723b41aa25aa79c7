"""The limit of open files, which a class of people would reach."""

from contextlib import suppress

MOST = 65_536


def raise_limit() -> int:
    """Raise the process's limit of open files as far as the system lets it, and return it."""
    try:
        import resource
    except ImportError:  # a system without this limit
        return MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(MOST, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
