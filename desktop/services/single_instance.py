"""One window for one data folder: a second start hands over to the first and ends."""

import getpass
import hashlib
from pathlib import Path

import msgspec
from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_LIMIT_MS = 1000
RETRY_INTERVAL_MS = 20
MAX_REQUEST_BYTES = 64 * 1024


class SingleInstance(QObject):
    """The lock on a data folder, and the door at which later starts knock.

    The lock is taken first and decides who is first; it is free again when its owner dies, however
    it dies. The server only carries the message.

    Signals:
        activated: Another start was made: show the window and open the files. tuple[Path, ...].
    """

    activated = Signal(object)

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        identity = f"{getpass.getuser()}\n{data_folder.resolve()}"
        self._name = f"heft-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"
        self._lock = QLockFile(str(data_folder / "heft.lock"))
        self._lock.setStaleLockTime(0)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_server_new_connection)

    def acquire(self) -> bool:
        """Become the first instance; False if another one is."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def hand_over(self, files: tuple[Path, ...]) -> bool:
        """Ask the first instance to show itself and open the files; False if it does not answer."""
        socket = QLocalSocket()
        deadline = QDeadlineTimer(CONNECT_LIMIT_MS)
        socket.connectToServer(self._name)
        while not socket.waitForConnected(int(deadline.remainingTime())):
            # One that became the first a moment ago holds the lock and does not listen yet.
            if deadline.hasExpired():
                return False
            QThread.msleep(RETRY_INTERVAL_MS)
            socket.connectToServer(self._name)
        socket.write(msgspec.json.encode([str(path.resolve()) for path in files]))
        is_sent = socket.waitForBytesWritten(CONNECT_LIMIT_MS)
        socket.disconnectFromServer()
        return is_sent

    def release(self) -> None:
        """Let another instance be the first."""
        self._server.close()
        self._lock.unlock()

    @Slot()
    def _on_server_new_connection(self) -> None:
        connection = self._server.nextPendingConnection()
        if connection is not None:
            connection.disconnected.connect(self._on_connection_disconnected)

    @Slot()
    def _on_connection_disconnected(self) -> None:
        connection = self.sender()
        if not isinstance(connection, QLocalSocket):
            return
        data = bytes(connection.read(MAX_REQUEST_BYTES).data())
        connection.deleteLater()
        try:
            files = msgspec.json.decode(data, type=tuple[str, ...])
        except msgspec.MsgspecError:
            return
        self.activated.emit(tuple(Path(file) for file in files))
