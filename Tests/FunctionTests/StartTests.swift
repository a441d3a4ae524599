import Foundation
import Testing

/// What prevents the gateway from starting over the real functions.
@Suite struct StartTests {
    private func start(_ environment: [String: String], functions: String) throws -> Installation.Output {
        let program =
            ProcessInfo.processInfo.environment["RUNNER"]
            ?? Installation.root.appendingPathComponent("build/bin/runner").path
        return try Installation(environment: environment)
            .run(program, arguments: ["--port", "0", "--functions", functions, "--quiet"])
    }

    @Test(arguments: [("JWT_SECRET", "short"), ("MAX_UPLOAD_BYTES", "lots"), ("BASE_PATH", "/a?b")])
    func aWrongVariableIsToldOnce(_ name: String, _ value: String) throws {
        let output = try start([name: value], functions: Installation.functions.path)
        #expect(output.status == 78)
        #expect(output.standardError.components(separatedBy: name).count == 2, "\(output.standardError)")
        #expect(!output.standardError.contains(value), "values may be secret")
    }

    @Test func aFolderWithoutFunctionsIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("empty-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = try start([:], functions: folder.path)
        #expect(output.status == 78 && output.standardError.contains(folder.path), "\(output.standardError)")
    }
}
