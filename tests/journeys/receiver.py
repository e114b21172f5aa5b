"""A receiver of webhooks, as a customer would write one: python -m tests.journeys.receiver PORT SECRET.

Prints each message whose signature verifies as a line of JSON; answers any other with 400.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError


def main() -> None:
    """Receive until stopped."""
    port, secret = int(sys.argv[1]), sys.argv[2]

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                message = Webhook(secret).verify(body, dict(self.headers.items()))
            except WebhookVerificationError:
                self.send_response(400)
            else:
                print(json.dumps(message), flush=True)
                self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silence."""

    HTTPServer(("127.0.0.1", port), Receiving).serve_forever()


if __name__ == "__main__":
    main()
