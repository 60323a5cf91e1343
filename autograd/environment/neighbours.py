"""The other distribution that is imported as `autograd`, HIPS autograd: whether it is installed beside this one."""

from importlib.metadata import PackageNotFoundError, version


def other_autograd() -> str:
    """In words, that it is installed too, and what to do; empty if it isn't."""
    try:
        found = version("autograd")
    except PackageNotFoundError:
        return ""
    return (
        f"HIPS autograd {found} is installed too, and has the same import name, so that files of one may have replaced "
        "those of the other: pip uninstall autograd stepgrad, then install one of them again"
    )
