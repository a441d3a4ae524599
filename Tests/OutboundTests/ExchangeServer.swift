import TestSupport

/// The server that the tests call. The path decides what it does.
enum ExchangeServer {
    static func start() throws -> PythonServer { try PythonServer(source) }

    private static let source = #"""
        class Scripted(Handler):
            def do_POST(self): self.serve()
            def do_GET(self): self.serve()
            def do_HEAD(self): self.serve()
            def do_PATCH(self): self.serve()
            def serve(self):
                getattr(self, "on_" + self.path.strip("/"), self.echo)()
            def echo(self):
                body = self.body()
                told = {"method": self.command, "path": self.path, "headers": list(self.headers.items()),
                    "body": body[:100].decode("latin-1"), "length": len(body)}
                self.reply(200, json.dumps(told).encode(), X_Seen="  yes ", X_Empty="")
            def on_redirect(self): self.reply(302, b"elsewhere", Location="/echo")
            def on_missing(self): self.reply(404, b"nothing here")
            def on_early(self):
                self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
                self.reply(201, b"made")
            def on_large(self): self.reply(200, b"x" * 1000000)
            def on_endless(self):
                self.send_response(200)
                self.end_headers()
                while True: self.wfile.write(b"x" * 1000)
            def on_longhead(self):
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                for n in range(20): self.wfile.write(b"X-%d: " % n + b"y" * 8000 + b"\r\n")
                self.wfile.write(b"\r\n")
            def on_drip(self):
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for n in range(100000):
                    piece = b"piece %d\n" % n
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    time.sleep(0.02)
            def on_never(self): time.sleep(600)
            def on_broken(self):
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"only this")
                self.wfile.flush()
                self.connection.shutdown(2)
                self.close_connection = True
            def on_garbage(self):
                self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
                self.close_connection = True
            def on_dead(self): self.connection.shutdown(2)
        server = Server(("127.0.0.1", 0), Scripted)
        ready(server.server_port)
        server.serve_forever()
        """#

    /// Uses TLS with an untrusted certificate.
    static func startSecure() throws -> PythonServer {
        try PythonServer(
            #"""
            import subprocess
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", "key.pem", "-out", "cert.pem", "-days", "1", "-subj", "/CN=localhost"], check=True)
            class Plain(Handler):
                def do_GET(self): self.reply(200, b"hello")
            server = Server(("127.0.0.1", 0), Plain)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("cert.pem", "key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
            ready(server.server_port)
            server.serve_forever()
            """#)
    }
}
