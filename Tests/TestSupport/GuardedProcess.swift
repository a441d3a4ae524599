import Foundation

/// A server that refuses to run as root, for tests: it runs as another user in a temporary folder of that user, and ends
/// with the tests even if they crash.
final class GuardedProcess {
    let folder: URL
    private let user: String
    private var watcher: pid_t = 0

    struct Failed: Error { let said: String }

    /// - Parameter user: who runs it if the tests are run by root.
    init(name: String, user: String) throws {
        self.user = user
        // Short, because the paths of sockets have at most 107 bytes.
        folder = URL(fileURLWithPath: "/tmp/\(name)-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        if getuid() == 0 { try own(folder) }
    }

    deinit {
        if watcher > 0 { stop() }
        try? FileManager.default.removeItem(at: folder)
    }

    private func own(_ file: URL) throws {
        guard let entry = getpwnam(user) else { throw Failed(said: "there is no user \(user)") }
        chown(file.path, entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    /// Writes a file that only the server's user can read.
    func write(_ text: String, to name: String) throws {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        chmod(file.path, 0o600)
        if getuid() == 0 { try own(file) }
    }

    /// What the server wrote to its output.
    var said: String {
        (try? String(contentsOf: folder.appendingPathComponent("said"), encoding: .utf8)) ?? ""
    }

    private func words(_ words: [String]) -> [String] {
        getuid() == 0 ? ["setpriv", "--reuid", user, "--regid", user, "--init-groups"] + words : words
    }

    /// Runs a program to its end.
    func run(_ command: [String]) throws {
        let said = folder.appendingPathComponent("said").path
        guard Child.wait(for: try Child.start(words(command), output: said)) == 0 else { throw Failed(said: self.said) }
    }

    /// Starts the server. It gets `signal` when these tests have ended, or `stop` is called.
    func start(_ command: [String], signal: String, isReady: () -> Bool) throws {
        // NB: not PR_SET_PDEATHSIG, which is sent when the thread that started it ends.
        let script = """
            folder=$1 parent=$2 signal=$3; shift 3
            "$@" & server=$!
            trap 'kill -s $signal $server' TERM
            while [ -d /proc/$parent ] && [ -d /proc/$server ]; do sleep 0.5 & wait $! ; done
            kill -s $signal $server 2>/dev/null
            wait $server
            [ -d /proc/$parent ] || rm -rf "$folder"
            """
        watcher = try Child.start(
            words(["/bin/sh", "-c", script, "sh", folder.path, "\(getpid())", signal] + command), in: folder,
            output: folder.appendingPathComponent("said").path)
        for _ in 0..<1500 {
            if isReady() { return }
            if kill(watcher, 0) != 0 || waitpid(watcher, nil, WNOHANG) == watcher {
                watcher = 0
                throw Failed(said: said)
            }
            usleep(10_000)
        }
        stop()
        throw Failed(said: said)
    }

    /// Ends the server.
    func stop() {
        guard watcher > 0 else { return }
        kill(watcher, SIGTERM)
        Child.wait(for: watcher)
        watcher = 0
    }

    /// A port of 127.0.0.1 that was free a moment ago.
    static func freePort() -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(socket, $0, length)
                getsockname(socket, $0, &length)
            }
            return Int($0.pointee.sin_port.bigEndian)
        }
    }
}
