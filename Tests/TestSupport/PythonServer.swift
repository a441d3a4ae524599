import Foundation

/// A server for one test, written in Python: a script that listens on a port of 127.0.0.1 and calls `ready(port)`.
/// Releasing this object ends it.
public final class PythonServer {
    public let port: Int
    public let folder: URL
    private let process: pid_t

    public struct NotReady: Error { public let said: String }

    /// The beginning of every script: quiet threads around `http.server`.
    private static let prelude = #"""
        import http.server, json, os, socketserver, ssl, sys, threading, time
        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 64
            def handle_error(self, request, address): pass
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *words): pass
            def body(self): return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            def reply(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in headers.items(): self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD": self.wfile.write(body)
        def end_with_the_tests(parent):
            while os.getppid() == parent: time.sleep(0.5)
            os._exit(0)
        threading.Thread(target=end_with_the_tests, args=(os.getppid(),), daemon=True).start()
        def ready(port):
            with open("port.new", "w") as file: file.write(str(port))
            os.rename("port.new", "port")

        """#

    public init(_ source: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data((Self.prelude + source).utf8).write(to: folder.appendingPathComponent("server.py"))
        process = try Child.start(
            ["python3", "-SE", "server.py"], in: folder, output: folder.appendingPathComponent("said").path)
        let file = folder.appendingPathComponent("port")
        var found: Int?
        for _ in 0..<1500 where found == nil {
            usleep(10_000)
            found = (try? String(contentsOf: file, encoding: .utf8)).flatMap { Int($0) }
        }
        port = found ?? 0
        if found == nil {
            end()
            throw NotReady(
                said: (try? String(contentsOf: folder.appendingPathComponent("said"), encoding: .utf8)) ?? "")
        }
    }

    deinit { end() }

    private func end() {
        kill(process, SIGKILL)
        Child.wait(for: process)
        try? FileManager.default.removeItem(at: folder)
    }
}
