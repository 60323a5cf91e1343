"""`python -m nn train iris`, `python -m nn predict model.safetensors table.csv`."""

import sys

from nn.command_line import main

if __name__ == "__main__":
    sys.exit(main())
