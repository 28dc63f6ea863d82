"""A worker that obeys a script: argv[1] is JSON, lists of actions by the type of what it hears.

The actions under ``start`` come first. An action is a list of a verb and its arguments:

    write TEXT    put TEXT on stdout as it is, at once
    tell TEXT     put TEXT on stderr
    count N       N LoadProgress events whose fractions are 0, 1, 2 ...
    fill N        one TokenBatch whose text has N characters
    crash         abort, as llama.cpp does
    exit CODE     leave
    hang          hear nothing any more, the end of stdin neither
"""

import json
import os
import signal
import sys


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _tell(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _count(number: int) -> None:
    _write("".join(f'{{"type":"LoadProgress","fraction":{at}}}\n' for at in range(number)))


def _fill(characters: int) -> None:
    event = {"type": "TokenBatch", "text": "x" * characters, "stamps_s": []}
    _write(json.dumps(event | {"context_used_tokens": 0}) + "\n")


def _hang() -> None:
    while True:
        signal.pause()


_VERBS = {
    "write": _write,
    "tell": _tell,
    "count": _count,
    "fill": _fill,
    "crash": os.abort,
    "exit": sys.exit,
    "hang": _hang,
}


def _act(actions: list[list[str | int]]) -> None:
    for verb, *arguments in actions:
        _VERBS[verb](*arguments)


def main() -> None:
    script = json.loads(sys.argv[1])
    _act(script.get("start", []))
    for line in sys.stdin:
        _act(script.get(json.loads(line)["type"], []))


if __name__ == "__main__":
    main()
