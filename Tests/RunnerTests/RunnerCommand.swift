import Foundation
import TestSupport
import Testing

/// The runner as a command, in a temporary folder.
final class RunnerCommand {
    static let functions = Built.functions.path

    struct Result {
        let status: Int32
        /// stdout and stderr together.
        let text: String
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:] }
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs the runner with the built functions.
    func run(_ arguments: [String], variables: [String] = [], functions: String = RunnerCommand.functions) throws
        -> Result
    {
        try shell(["env", "FUNCTIONS_DIR=\(functions)"] + variables + [Built.runner] + arguments)
    }

    func shell(_ words: [String]) throws -> Result {
        try? FileManager.default.removeItem(at: folder.appendingPathComponent("said"))
        let child = try TestRunner.start(words, in: folder)
        var value: Int32 = 0
        waitpid(child, &value, 0)
        let text = try String(contentsOf: folder.appendingPathComponent("said"), encoding: .utf8)
        return Result(status: value >> 8 & 0xFF, text: text)
    }

    func write(_ text: String, to name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
