import Foundation

/// A server of a test's own, written in Python: a script that listens on a port of 127.0.0.1 and
/// calls `ready(port)`. It ends with this object.
public final class PythonServer {
    public let port: Int
    public let folder: URL
    private let process: pid_t

    public struct NotReady: Error { public let said: String }

    /// What every script begins with: quiet threads around `http.server`.
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
        process = try Self.spawn(["python3", "-SE", "server.py"], in: folder)
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
        while waitpid(process, nil, 0) < 0, errno == EINTR {}
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts a program in a folder; what it says goes to the file `said` there.
    private static func spawn(_ words: [String], in folder: URL) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        let said = folder.appendingPathComponent("said").path
        posix_spawn_file_actions_addopen(&actions, 1, said, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let argv = (["env", "-C", folder.path] + words).map { strdup($0) } + [nil]
        let envp = [strdup("PATH=\(path)"), nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var child = pid_t()
        guard posix_spawn(&child, "/usr/bin/env", &actions, nil, argv, envp) == 0 else {
            throw NotReady(said: "no env")
        }
        return child
    }
}
