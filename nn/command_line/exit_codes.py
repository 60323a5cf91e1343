"""What the command line tells the shell."""

SUCCESS, FAILURE, INTERRUPTED = 0, 1, 130
