"""The `paperboy` command."""

import os
import sys


def main() -> None:
    """Run the command line."""
    # Searches run side by side in threads of their own; a pool of BLAS threads for each would fight over the cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from bot.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
