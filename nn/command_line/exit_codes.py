"""What the command line tells the shell."""

SUCCESS, FAILURE, INTERRUPTED = 0, 1, 130
BROKEN_PIPE = 141  # as of programs that the signal SIGPIPE ends: 128 and its number
