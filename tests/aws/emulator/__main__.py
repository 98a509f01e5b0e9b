"""Start the emulator on a free port of the loopback interface, print its URL, and end with the parent."""

import argparse
import json
import logging
import os
import sys
import threading
import time
import warnings


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--seconds", type=float, default=3600, help="end after this time")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="end with this process")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    return parser.parse_args()


def _end_in_time(parent: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.5)
        try:
            os.kill(parent, 0)
        except ProcessLookupError:
            break
    os._exit(0)


def main() -> None:
    """Serve until the parent ends, the time is up, or the process is stopped."""
    arguments = _arguments()
    watch = threading.Thread(target=_end_in_time, args=(arguments.parent, arguments.seconds), daemon=True)
    watch.start()
    logging.basicConfig(level=logging.INFO if arguments.verbose else logging.ERROR, stream=sys.stderr)
    logging.getLogger("werkzeug").setLevel(logging.INFO if arguments.verbose else logging.ERROR)
    warnings.filterwarnings("ignore")
    from .server import serve

    server, url = serve(arguments.port)
    print(json.dumps({"url": url}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
