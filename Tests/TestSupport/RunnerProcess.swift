import Foundation

/// Where the built programs are.
public enum Built {
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    public static let functions = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["FUNCTIONS_DIR"]
            ?? root.appendingPathComponent("build/functions").path)
    public static let runner =
        ProcessInfo.processInfo.environment["RUNNER"] ?? root.appendingPathComponent("build/bin/runner").path
}

/// The runner with a folder of functions, on a free port of 127.0.0.1. Releasing this object ends it.
public final class RunnerProcess {
    public let port: Int
    public let process: pid_t
    private var status: Int32?

    public struct NotReady: Error { public let said: String }

    /// - Parameter folder: its working directory, which has no `.env`. Its output goes to the file `said` there.
    public init(
        _ options: [String] = [], functions: URL = Built.functions, in folder: URL,
        environment: [String: String] = Child.environment
    ) throws {
        let portFile = folder.appendingPathComponent("port")
        let said = folder.appendingPathComponent("said").path
        process = try Child.start(
            [Built.runner, "--port", "0", "--port-file", portFile.path, "--functions", functions.path, "--quiet"]
                + options, in: folder, environment: environment, output: said)
        var found: Int?
        for _ in 0..<1000 where found == nil {
            usleep(10_000)
            found = (try? String(contentsOf: portFile, encoding: .utf8))
                .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        port = found ?? 0
        if found == nil {
            kill(process, SIGKILL)
            status = Child.wait(for: process)
            throw NotReady(said: (try? String(contentsOfFile: said, encoding: .utf8)) ?? "")
        }
    }

    deinit {
        if status == nil {
            kill(process, SIGTERM)
            if end() == nil {
                kill(process, SIGKILL)
                Child.wait(for: process)
            }
        }
    }

    public func signal(_ number: Int32) { kill(process, number) }

    /// Waits for the runner to end. Returns its exit status, or nil if it has not ended after 8 s.
    public func end() -> Int32? {
        if status == nil { status = Child.wait(for: process, seconds: 8) }
        return status
    }
}
