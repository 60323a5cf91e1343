"""The command line: `python -m nn train iris`, `python -m nn predict model.safetensors table.csv`.

In come arguments. Out go an exit code, words on standard output, errors on standard error, and files. It knows every
other wing of `nn`, and none knows it.
"""

import os
import sys
from collections.abc import Sequence

from nn.command_line.arguments import parser
from nn.command_line.exit_codes import BROKEN_PIPE, FAILURE, INTERRUPTED
from nn.command_line.predict import predict
from nn.command_line.train import train

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code: 0 for success, 1 for a failure, 2 for wrong usage, 130 after Ctrl-C, and
    141 if nobody reads its output to the end."""
    args = parser(train=train, predict=predict).parse_args(arguments)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader of our output has gone, as in `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is flushed when Python ends
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        print(
            "error:",
            ": ".join(str(part) for part in (error.filename, error.strerror) if part) or error,
            file=sys.stderr,
        )
        return FAILURE
    except (ValueError, ImportError) as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILURE
