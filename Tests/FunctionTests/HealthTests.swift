import Foundation
import Testing

/// What `GET /health` says of an installation that does not work.
@Suite struct HealthTests {
    private let installation: Installation
    private let data: URL

    init() throws {
        installation = try Installation()
        data = installation.folder.appendingPathComponent("data")
        _ = try installation.register()
    }

    /// Without the privilege to write whatever the mode of a file says.
    private func ask() throws -> (answer: Answer, log: String) {
        let health = Installation.functions.appendingPathComponent("health").path
        let output =
            getuid() == 0
            ? try installation.run(
                "/usr/bin/setpriv", arguments: ["--bounding-set=-dac_override,-dac_read_search", health],
                input: Data("{}".utf8))
            : try installation.run(health, input: Data("{}".utf8))
        return (try #require(try Answer.lines(output.standardOutput).first), output.standardError)
    }

    private func check(_ name: String, _ answer: Answer) -> String? {
        let details = answer.error["details"] as? [String: Any] ?? answer.data["checks"] as? [String: Any]
        return (details?[name] as? [String: Any])?["status"] as? String
    }

    @Test func aDatabaseThatCannotBeWrittenIsTold() throws {
        #expect(try ask().answer.status == 200)
        for file in ["nexlayer.db", "nexlayer.db-wal", "nexlayer.db-shm"] {
            #expect(chmod(data.appendingPathComponent(file).path, 0o400) == 0)
        }
        let (answer, log) = try ask()
        #expect(answer.status == 503 && answer.code == "SERVICE_UNAVAILABLE")
        #expect(check("database", answer) == "failed" && check("storage", answer) == "ok")
        #expect(log.contains("SQLite"))
    }

    @Test func aDatabaseOfANewerVersionIsNoFaultOfTheStorage() throws {
        _ = try installation.query("PRAGMA user_version = 99")
        let (answer, log) = try ask()
        #expect(answer.status == 503)
        #expect(check("database", answer) == "failed" && check("storage", answer) == "ok")
        #expect(log.contains("user_version is 99"))
    }

    @Test func somebodyElsesWriteIsNoFault() throws {
        let writer = try installation.holdWriteLock(seconds: 3, thenRun: "SELECT 1")
        let start = Date()
        #expect(try ask().answer.status == 200)
        #expect(Date().timeIntervalSince(start) < 2.5, "it is not waited for")
        #expect(try writer().status == 0)
    }

    @Test func storageThatCannotBeWrittenIsTold() throws {
        let blobs = data.appendingPathComponent("blobs")
        try? FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: false)
        #expect(chmod(blobs.path, 0o500) == 0)
        let answer = try ask().answer
        #expect(answer.status == 503)
        #expect(check("database", answer) == "ok" && check("storage", answer) == "failed")
    }
}
