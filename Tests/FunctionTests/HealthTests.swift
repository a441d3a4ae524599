import Foundation
import TestSupport
import Testing

/// What `GET /health` reports about an installation that does not work.
@Suite struct HealthTests {
    private let installation: Installation
    private let data: URL

    init() throws {
        installation = try Installation(environment: ["BLOBS": "files"])
        data = installation.folder.appendingPathComponent("data")
        _ = try installation.register()
    }

    /// Calls `health` without root's privilege to ignore file modes.
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

    @Test(.disabled(if: TestDatabase.isOnServer)) func aDatabaseThatCannotBeWrittenIsTold() throws {
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
        try installation.migrate(to: 99)
        let (answer, log) = try ask()
        #expect(answer.status == 503)
        #expect(check("database", answer) == "failed" && check("storage", answer) == "ok")
        #expect(log.contains("99"))
    }

    @Test func aWriteThatEndsInTimeIsNoFault() throws {
        // Less than the second that a server has to answer.
        let writer = try installation.holdWriteLock(seconds: 0.4, thenRun: "SELECT 1")
        #expect(try ask().answer.status == 200)
        #expect(try writer().status == 0)
    }

    @Test func aWriteThatTakesLongerThanRequestsWaitIsAFault() throws {
        let impatient = try Installation(environment: ["DATABASE_TIMEOUT_MS": "200"])
        _ = try impatient.register()
        let writer = try impatient.holdWriteLock(seconds: 4, thenRun: "SELECT 1")
        let answer = try impatient.call("health")
        #expect(answer.status == 503)
        let details = answer.error["details"] as? [String: [String: Any]]
        #expect(details?["database"]?["status"] as? String == "failed")
        #expect((details?["database"]?["reason"] as? String)?.contains("busy") == true, "\(details ?? [:])")
        #expect(try writer().status == 0)
        #expect(try impatient.call("health").status == 200)
    }

    @Test func littleSpaceIsToldBeforeNothingCanBeWritten() throws {
        let reserving = try Installation(environment: ["BLOBS": "files", "MIN_FREE_BYTES": "1000000000000000"])
        let token = try reserving.register()
        let workspace = try reserving.makeWorkspace(token)
        let health = try reserving.call("health")
        #expect(health.status == 200 && health.data["status"] as? String == "degraded")
        let upload = try reserving.upload("text", named: "a.txt", to: workspace, token: token)
        #expect(upload.status == 503 && upload.message.contains("disk"))
        #expect(try reserving.call("delete-workspace", token: token, path: ["workspaceId": workspace]).status == 200)
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
