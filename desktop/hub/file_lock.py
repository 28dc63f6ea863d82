"""A lock on an open file that ends with the process, however that ends."""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    _LOCKED_AT = 1 << 62  # beyond the end of any file, where nobody reads or writes

    def try_lock(file: IO[bytes]) -> bool:
        """Take the lock, which nobody else gets until the file is closed; False if it is taken."""
        at = file.tell()
        file.seek(_LOCKED_AT)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(at)
        return True

else:
    import fcntl

    def try_lock(file: IO[bytes]) -> bool:
        """Take the lock, which nobody else gets until the file is closed; False if it is taken."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
