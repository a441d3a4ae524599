import Foundation
import TestSupport
import Testing

/// The runner with the fake functions, in a temporary folder. Releasing this object ends it.
final class TestRunner {
    let folder: URL
    private let process: RunnerProcess

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
        // NB: another process must copy them. A child that another test starts at that moment would inherit a
        // descriptor that this process has open for writing, and the file could not be executed ("Text file busy").
        let files = FakeFunctions.all.keys.map { "sources/\($0)" }
        let copying = try Self.start(["install", "-m", "755", "-t", "functions"] + files, in: folder)
        try #require(Child.wait(for: copying) == 0)
        process = try RunnerProcess(options, functions: functions, in: folder)
    }

    deinit {
        process.signal(SIGTERM)
        _ = process.end()
        try? FileManager.default.removeItem(at: folder)
    }

    var port: Int { process.port }

    func connect() throws -> Client { try Client(port: port) }

    func signal(_ number: Int32) { process.signal(number) }

    /// Waits for the runner to end. Returns its exit status, or nil if it has not ended after 8 s.
    func end() -> Int32? { process.end() }

    /// The function processes of this gateway.
    var functionProcesses: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
            else { return false }
            return String(decoding: line, as: UTF8.self).contains(folder.path + "/functions/")
                && pid_t(name) != process.process
        }
    }

    /// Starts a program with `folder` as its working directory. Its output goes to the file `said` there.
    static func start(_ words: [String], in folder: URL) throws -> pid_t {
        try Child.start(words, in: folder, output: folder.appendingPathComponent("said").path)
    }
}
