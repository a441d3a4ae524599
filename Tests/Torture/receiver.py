"""Takes webhooks, and counts their events."""

import http.server
import json
import random
import threading
from collections import Counter


class Receiver:
    """`refused`: which share of the deliveries is answered with an error, and so must come again."""

    def __init__(self, refused=0.0):
        self.events, self.deliveries, self.lock = Counter(), Counter(), threading.Lock()
        receiver, rng = self, random.Random(1)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                isRefused = rng.random() < refused
                if not isRefused:
                    receiver.take(event)
                self.send_response(500 if isRefused else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 128

            def handle_error(self, *_):
                pass  # a sender that is killed closes its connection

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, event):
        data = event["data"]
        subject = data.get("id") or data.get("conversationId") or (data.get("conversation") or {}).get("id")
        with self.lock:
            self.events[event["type"], subject] += 1
            self.deliveries[event["id"]] += 1

    def close(self):
        self.server.shutdown()
        self.server.server_close()
