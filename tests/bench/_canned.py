"""A server that costs almost nothing: reads a request, sends the same answer, over and over."""

import socket
import sys
import threading
from pathlib import Path


def talk(connection: socket.socket, answer: bytes) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    held = b""
    while part := connection.recv(65536):
        held += part
        while b"\r\n\r\n" in held:
            held = held.partition(b"\r\n\r\n")[2]
            connection.sendall(answer)


def main() -> None:
    body = Path(sys.argv[1]).read_bytes()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.api+json\r\n"
        # So much that no budget is ever full: the bench measures the way, not the wait.
        "RateLimit-Limit: 1000000, 1000000;w=1, 9000000;w=60\r\nRateLimit-Remaining: 999999\r\nRateLimit-Reset: 0\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)  # noqa: T201 read by the bench
        while True:
            connection, _ = server.accept()
            threading.Thread(target=talk, args=(connection, head.encode() + body), daemon=True).start()


if __name__ == "__main__":
    main()
