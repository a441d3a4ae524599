import Foundation
import Testing

/// Documents of thousands of passages, which are added and removed in more than one write.
@Suite struct LargeDocumentTests {
    private let installation: Installation
    private let token: String
    private let workspace: String
    private static let content = Data(
        (0..<80_000).map { "Sentence number \($0) of the almanac tells that whales sing in the sea." }
            .joined(separator: "\n\n").utf8)
    private static let endOfLease = "UPDATE jobs SET due_at = 1, lease = 1 WHERE kind = 'ingestion';"
    private static let attempts = "SELECT attempts FROM jobs WHERE kind = 'ingestion'"
    private static let file = (name: "almanac.txt", type: "text/plain", content: content)

    init() throws {
        installation = try Installation(environment: ["DATABASE_TIMEOUT_MS": "2000"])
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }

    private func call(_ name: String, _ document: String? = nil, body: Any? = nil) throws -> Answer {
        var path = ["workspaceId": workspace]
        path["documentId"] = document
        return try installation.call(name, token: token, path: path, body: body)
    }

    private func names(finding query: String) throws -> [String] {
        let answer = try call("search-documents", body: ["query": query])
        return (answer.data["results"] as? [[String: Any]] ?? []).compactMap { $0["documentName"] as? String }
    }

    /// Runs `meanwhile` during an upload, and then kills the upload if asked to.
    private func withUpload(killed: Bool, _ meanwhile: () throws -> Void) throws {
        let files = ["in", "out", "err"].map { installation.folder.appendingPathComponent("upload.\($0)") }
        let envelope = Installation.uploadEnvelope([Self.file], to: workspace, token: token)
        try JSONSerialization.data(withJSONObject: envelope).write(to: files[0])
        let child = try installation.spawn("upload-document", arguments: [], files: files)
        var isBegun = false
        for _ in 0..<600 where !isBegun {
            isBegun = try call("list-documents").list.contains { $0["status"] as? String == "processing" }
            if !isBegun { usleep(20_000) }
        }
        #expect(isBegun)
        try meanwhile()
        if killed { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        if killed { #expect(status & 0x7F == SIGKILL, "it was at work") } else { #expect(status == 0) }
    }

    /// Runs `run-jobs` until nothing is left to do, and checks that no passage remains.
    private func forgetAll() throws {
        for _ in 0..<100 {
            let report = try installation.call("run-jobs")
            #expect(report.status == 200)
            if report.data["nextDueAt"] is NSNull { break }
        }
        for table in ["passages", "hidden_documents", "index_segments"] {
            #expect(try installation.query("SELECT count(*) FROM \(table)") == ["0"])
        }
    }

    @Test func whatIsNotWholeIsThereAndNotFound() throws {
        _ = try installation.upload("Whales breathe air.", named: "small.txt", to: workspace, token: token)
        // For a minute, the remains look as if a process were still working on them.
        try withUpload(killed: true) {}
        #expect(try names(finding: "whales") == ["small.txt"])
        let again = try installation.upload([Self.file], to: workspace, token: token)
        #expect(again.status == 200 && again.json["duplicate"] as? Bool == true)
        #expect(again.data["status"] as? String == "processing")
    }

    @Test func othersWriteMeanwhile() throws {
        _ = try installation.upload("Whales breathe air.", named: "small.txt", to: workspace, token: token)
        try withUpload(killed: false) {
            let made = try installation.call("create-workspace", token: token, body: ["name": "Other"])
            #expect(made.status == 201)
        }
        let listed = try call("list-documents").list
        #expect(listed.map { $0["status"] as? String } == ["processed", "processed"])
        #expect(try names(finding: "almanac").count == 10)
        #expect(try names(finding: "\"number 79999\"") == ["almanac.txt"])

        let almanac = try #require(listed.first { $0["name"] as? String == "almanac.txt" })
        #expect(try call("delete-document", almanac["id"] as? String).status == 200)
        #expect(try names(finding: "whales") == ["small.txt"])
        #expect(try call("delete-workspace").status == 200)
        try forgetAll()
    }

    /// Two ways in which the lease of a dead process's document can be invalid: it has ended, or the clock was set
    /// back.
    @Test(arguments: ["due_at = 1, lease = 1", "due_at = due_at + 86400000, lease = lease + 86400000"])
    func whatAKilledUploadLeavesIsFinished(lease: String) throws {
        try withUpload(killed: true) {}
        #expect(try names(finding: "whales").isEmpty)
        let waiting = try installation.upload([Self.file], to: workspace, token: token)
        #expect(waiting.status == 200 && waiting.data["status"] as? String == "processing")
        try installation.runSQL("UPDATE jobs SET \(lease) WHERE kind = 'ingestion';")
        #expect(try installation.call("run-jobs").status == 200)
        let finished = try #require(try call("list-documents").list.first)
        #expect(
            finished["status"] as? String == "processed" && finished["id"] as? String == waiting.data["id"] as? String)
        #expect(try names(finding: "\"number 79999\"") == ["almanac.txt"])
        let passages = try installation.query(
            "SELECT count(*), count(DISTINCT position), min(position), max(position) + 1 FROM passages")
        let count = try #require(finished["chunkCount"] as? Int)
        #expect(passages == ["\(count)|\(count)|0|\(count)"])
        #expect(try installation.query("SELECT count(*) FROM jobs WHERE kind = 'ingestion'") == ["0"])
        #expect(try call("delete-document", finished["id"] as? String).status == 200)
        try forgetAll()
    }

    @Test func passagesOfAnotherVersionAreReplaced() throws {
        try withUpload(killed: true) {}
        try installation.runSQL(
            "UPDATE passages SET content = 'other' WHERE position = (SELECT max(position) FROM passages);"
                + Self.endOfLease)
        #expect(try installation.call("run-jobs").status == 200)
        let finished = try #require(try call("list-documents").list.first)
        #expect(finished["status"] as? String == "processed")
        #expect(try installation.query("SELECT count(*) FROM passages WHERE content = 'other'") == ["0"])
        #expect(try call("delete-document", finished["id"] as? String).status == 200)
        try forgetAll()
    }

    @Test func aDocumentThatItsReadersDieOfIsFailedAndGivesWay() throws {
        try withUpload(killed: true) {}
        // Three processes have tried, and none has made any progress.
        try installation.runSQL(
            Self.endOfLease
                + "UPDATE jobs SET attempts = 3, attempted_at = 1, progress = (SELECT count(*) FROM passages"
                + " WHERE document_id = subject) WHERE kind = 'ingestion';")
        #expect(try installation.call("run-jobs").status == 200)
        let failed = try #require(try call("list-documents").list.first)
        #expect(failed["status"] as? String == "failed")
        #expect((failed["error"] as? String)?.contains("3 times") == true)
        #expect(try call("get-document-content", failed["id"] as? String).body == Self.content)
        try forgetAll()

        let again = try installation.upload([Self.file], to: workspace, token: token)
        #expect(again.status == 201 && again.data["status"] as? String == "processed")
        #expect(try names(finding: "whales").count == 10)
        let shown = try installation.call("get-workspace", token: token, path: ["workspaceId": workspace])
        #expect(shown.data["documentCount"] as? Int == 1)
    }

    @Test func oneProcessAtATimeReadsWhatOthersLeft() throws {
        try withUpload(killed: true) {}
        try installation.runSQL(Self.endOfLease)
        let files = ["in", "out", "err"].map { installation.folder.appendingPathComponent("jobs.\($0)") }
        try Data("{}".utf8).write(to: files[0])
        let child = try installation.spawn("run-jobs", arguments: [], files: files)
        for _ in 0..<600 {
            if try installation.query(Self.attempts) == ["1"] { break }
        }
        kill(child, SIGKILL)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        #expect(status & 0x7F == SIGKILL, "it was at work")
        #expect(try installation.call("run-jobs").status == 200)
        // The process still holds the lease.
        #expect(try installation.query(Self.attempts) == ["1"])
        #expect(try call("list-documents").list.first?["status"] as? String == "processing")
    }

    @Test func anAbandonedUploadGivesWayToTheSameFile() throws {
        try withUpload(killed: true) {}
        try installation.runSQL(Self.endOfLease)
        let again = try installation.upload([Self.file], to: workspace, token: token)
        #expect(again.status == 201 && again.data["status"] as? String == "processed")
        #expect(try call("list-documents").list.count == 1)
        #expect(try call("delete-document", again.data["id"] as? String).status == 200)
        try forgetAll()
    }

    @Test func aDocumentThatIsRemovedWhileItIsAddedIsGone() throws {
        try withUpload(killed: false) {
            let document = try #require(try call("list-documents").list.first)
            #expect(try call("delete-document", document["id"] as? String).status == 200)
        }
        #expect(try names(finding: "whales").isEmpty && call("list-documents").list.isEmpty)
        try forgetAll()
    }
}
