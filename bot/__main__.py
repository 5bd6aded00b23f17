"""The `paperboy` command."""

import gc
import os
import sys


def main() -> None:
    """Run the command line."""
    # Searches run side by side in threads of their own; a pool of BLAS threads for each would fight over the cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # No plugin has a part in reading settings; looking for one opens every package that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Starting makes many objects and hardly any rubbish; looking for it at the usual pace is a tenth of a cold search.
    gc.set_threshold(200_000, 10, 10)
    from bot.cli import main as command_line

    code = command_line()
    # The process ends; looking through all it holds for rubbish once more would take a quarter of a second.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
