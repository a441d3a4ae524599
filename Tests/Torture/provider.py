"""A provider of language models that always answers the same, as OpenAI's API does."""

import http.server
import json
import threading

PIECES = ["The harbour ", "is kept ", "[1]", ", as are ", "lanterns."]


def event(**fields):
    return f"data: {json.dumps(fields)}\n\n".encode()


class Provider:
    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.close_connection = True
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for piece in PIECES:
                    self.wfile.write(event(choices=[{"index": 0, "delta": {"content": piece}, "finish_reason": None}]))
                self.wfile.write(event(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}]))
                self.wfile.write(event(choices=[], usage={"prompt_tokens": 40, "completion_tokens": 9, "total_tokens": 49}))
                self.wfile.write(b"data: [DONE]\n\n")

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that is killed closes its connection

        self.server = Server(("127.0.0.1", 0), Handler)
        self.variables = {"LLM_BASE_URL": f"http://127.0.0.1:{self.server.server_address[1]}/v1", "LLM_MODEL": "same"}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
