"""The process in which Synapse runs; it never outlives the process that started it. No settings."""

import os
import signal
import sys
import threading

from synapse.app.homeserver import main


def _die_with_parent() -> None:
    """Wait for the end of standard input, a pipe that only the parent holds open, and end this process.

    The kernel closes the pipe however the parent ends: return, Ctrl-C, crash or kill -9. Linux's own way,
    prctl(PR_SET_PDEATHSIG), is tied to the parent's thread and not process, needs code between fork and exec,
    and macOS has nothing like it.
    """
    os.read(0, 1)  # not sys.stdin, whose lock would spoil an ordinary end
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_die_with_parent, daemon=True).start()
    sys.argv = ["synapse", "--config-path", sys.argv[1]]
    main()
