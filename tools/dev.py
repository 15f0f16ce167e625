#!/usr/bin/env python3
"""The one door to set-up, demo, tests and checks; the Makefile only calls this file.

The syntax of this file stays readable to Python 3.6, so that an old interpreter gets one clear sentence
instead of a SyntaxError. What is newer lies behind the check, in dev_commands.py and the modules it imports.
"""

import os
import subprocess
import sys

MINIMUM = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
PROBE = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"


def newer_python():  # type: () -> str | None
    """Path of a newer Python on PATH that really starts (a pyenv shim may not), or None."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        for name in NEWER_NAMES:
            path = os.path.join(folder, name)
            if not os.access(path, os.X_OK):
                continue
            try:
                with open(os.devnull, "r+b") as null:
                    code = subprocess.call([path, "-c", PROBE], stdin=null, stdout=null, stderr=null)
            except OSError:
                continue
            if code == 0:
                return path
    return None


def main():  # type: () -> int
    """Hand over to dev_commands, under a newer Python when this one is too old."""
    if sys.version_info < MINIMUM:
        path = newer_python()
        if path:
            os.execv(path, [path] + sys.argv)  # noqa: RUF005, S606 - unpacking is no gain here; no shell is meant
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write(
            "Værn needs Python 3.11 or newer; found {} at {} and no newer one on PATH. "
            "Install one (Debian and Ubuntu: apt install python3.11 python3.11-venv), "
            "or name it: make demo PYTHON=/path/to/python3.11\n".format(found, sys.executable)
        )
        return 1
    import dev_commands

    return dev_commands.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
