import Foundation
import Testing

/// The runner over the fake functions, in a folder of its own; ended with the object.
final class Gateway {
    static let runner =
        ProcessInfo.processInfo.environment["RUNNER"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("build/bin/runner").path

    let folder: URL
    let port: Int
    private let process: pid_t
    private var status: Int32?

    init(_ options: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("runner-\(UUID().uuidString)")
        let sources = folder.appendingPathComponent("sources")
        let functions = folder.appendingPathComponent("functions")
        for new in [sources, functions] {
            try FileManager.default.createDirectory(at: new, withIntermediateDirectories: true)
        }
        for (name, source) in FakeFunctions.all {
            try Data((FakeFunctions.prelude + source).utf8).write(to: sources.appendingPathComponent(name))
        }
        // NB: copied by another process. What this one has open for writing, a child that another
        // test starts at that moment has too, and then it cannot be executed ("Text file busy").
        let files = FakeFunctions.all.keys.map { "sources/\($0)" }
        let copying = try Self.spawn(["install", "-m", "755", "-t", "functions"] + files, in: folder)
        var copied: Int32 = -1
        waitpid(copying, &copied, 0)
        try #require(copied == 0)
        let portFile = folder.appendingPathComponent("port")
        process = try Self.start(
            ["--port", "0", "--port-file", portFile.path, "--functions", functions.path, "--quiet"] + options,
            in: folder)
        var found: Int?
        for _ in 0..<1000 where found == nil {
            usleep(10_000)
            found = (try? String(contentsOf: portFile, encoding: .utf8))
                .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        port = found ?? 0
        if found == nil { kill(process, SIGKILL) }
        try #require(found != nil, "the runner is not ready after 10 s")
    }

    deinit {
        if status == nil {
            kill(process, SIGTERM)
            if end() == nil {
                kill(process, SIGKILL)
                waitpid(process, nil, 0)
            }
        }
        try? FileManager.default.removeItem(at: folder)
    }

    func connect() throws -> Client { try Client(port: port) }

    func signal(_ number: Int32) { kill(process, number) }

    /// Waits for the runner's end: its exit status, or nil when it has not ended after 8 s.
    func end() -> Int32? {
        for _ in 0..<800 where status == nil {
            var value: Int32 = 0
            if waitpid(process, &value, WNOHANG) == process { status = value } else { usleep(10_000) }
        }
        return status
    }

    /// The processes of the functions of this gateway.
    var functionProcesses: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
            else { return false }
            return String(decoding: line, as: UTF8.self).contains(folder.path + "/functions/")
                && pid_t(name) != process
        }
    }

    static func start(_ arguments: [String], in folder: URL) throws -> pid_t {
        try spawn([runner] + arguments, in: folder)
    }

    /// Starts a program with `folder` as its working directory; what it says goes to `folder`/said.
    static func spawn(_ words: [String], in folder: URL) throws -> pid_t {
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
        // `env` becomes the program once it is in the folder, where no .env is.
        try #require(posix_spawn(&child, "/usr/bin/env", &actions, nil, argv, envp) == 0)
        return child
    }
}
