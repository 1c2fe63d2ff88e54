"""The world outside, as tests of hostile packages see it: a server of their own that notes what arrives."""

import http.server
from pathlib import Path
from urllib.parse import quote, unquote

FOLDER = Path(__file__).parent / "hostile"


class Spy(http.server.ThreadingHTTPServer):
    """The world outside: notes every connection and every request that arrives, and hands out the script on a bare page."""

    daemon_threads = True

    def __init__(self) -> None:
        self.connections = 0
        self.arrived: set[str] = set()
        super().__init__(("127.0.0.1", 0), Listener)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def url(self, name: str) -> str:
        return f"{self.address}/spy/{quote(name)}"

    def process_request(self, request, client_address) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class Listener(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments, **more) -> None:
        super().__init__(*arguments, directory=str(FOLDER), **more)

    def do_GET(self) -> None:
        if self.path.startswith("/spy/"):
            self.server.arrived.add(unquote(self.path.removeprefix("/spy/").partition("?")[0]))
            self.send_error(404)
        elif self.path == "/bare":
            page = b"<!doctype html><title>x</title><link rel=icon href=data:,><body><script src=/hostile.js></script>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)
        else:
            super().do_GET()

    do_POST = do_GET  # noqa: N815 -- the name is the library's

    def log_message(self, *arguments) -> None:
        """Silent."""
