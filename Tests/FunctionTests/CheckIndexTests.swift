import Foundation
import Testing

@Suite struct CheckIndexTests {
    private let installation: Installation
    private let token: String
    private let workspace: String

    init() throws {
        installation = try Installation()
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
        // Too large for the header of a segment, so there are pages.
        for number in 0..<3 {
            let words = (0..<12_000).map { "word\($0)x\(number)" }.joined(separator: " ")
            let text = "Lantern \(number). " + words
            _ = try installation.upload(text, named: "\(number).txt", to: workspace, token: token)
        }
    }

    private func check(_ body: [String: Any] = [:]) throws -> [String: Any] {
        let answer = try installation.call("check-index", body: body)
        #expect(answer.status == 200, "\(answer.line)")
        return answer.data
    }

    private func found() throws -> Int {
        let answer = try installation.call(
            "search-documents", token: token, path: ["workspaceId": workspace],
            body: ["query": "lantern", "mode": "keyword"])
        #expect(answer.status == 200, "\(answer.line)")
        return (answer.data["results"] as? [Any])?.count ?? 0
    }

    /// Repairs, and expects that nothing is missing afterwards.
    private func repair(documents: Int) throws {
        let before = try check()
        #expect(before["ok"] as? Bool == false && before["differing"] as? Int == 1)
        #expect(((before["differences"] as? [[String: Any]])?.first?["workspaceId"] as? String) == workspace)
        #expect(try check(["repair": true])["enqueued"] as? Int == documents)
        _ = try found()
        _ = try installation.call("run-jobs")
        let after = try check()
        #expect(after["ok"] as? Bool == true, "\(after)")
        #expect(try found() == 3)
        #expect(try installation.query("SELECT count(*) FROM index_segments WHERE level < 0") == ["0"])
    }

    @Test func aHealthyInstallationHasNoDifferences() throws {
        let report = try check()
        #expect(report["ok"] as? Bool == true && report["workspaces"] as? Int == 1)
        #expect((report["differences"] as? [Any])?.isEmpty == true && report["enqueued"] == nil)
        let passages = try installation.query("SELECT count(*) FROM passages")
        #expect(report["passages"] as? Int == Int(passages.first ?? ""))
        #expect(try check(["workspaceId": workspace, "repair": true])["enqueued"] as? Int == 0)
        let none = try installation.call("check-index", body: ["workspaceId": "ws_01KB8Z3V5N0000000000000000"])
        #expect(none.status == 404)
    }

    @Test func aDamagedPageIsRepaired() throws {
        try installation.runSQL(
            """
            UPDATE index_pages SET data = \(Installation.zeros("data"))
            WHERE segment = (SELECT min(segment) FROM index_pages)
            """)
        try repair(documents: 1)
    }

    @Test func aDamagedHeaderIsRepaired() throws {
        try installation.runSQL(
            "UPDATE index_segments SET header = \(Installation.zeros("header")) WHERE segment = (SELECT min(segment) FROM index_segments)"
        )
        let answer = try installation.call(
            "search-documents", token: token, path: ["workspaceId": workspace],
            body: ["query": "lantern", "mode": "keyword"])
        #expect(answer.status == 500)
        try repair(documents: 1)
    }

    @Test func aMissingSegmentIsRepaired() throws {
        try installation.runSQL(
            "DELETE FROM index_segments WHERE segment = (SELECT min(segment) FROM index_segments)")
        try repair(documents: 1)
    }

    @Test func aLostCounterIsRepaired() throws {
        try installation.runSQL("DELETE FROM index_counters")
        try repair(documents: 0)
    }

    @Test func whatOnlyTheIndexHasGoes() throws {
        try installation.runSQL(
            """
            DELETE FROM passages WHERE document_id = (SELECT min(id) FROM documents);
            DELETE FROM documents WHERE id = (SELECT min(id) FROM documents);
            UPDATE workspaces SET document_count = 2
            """)
        #expect(try check()["ok"] as? Bool == false)
        #expect(try check(["repair": true])["enqueued"] as? Int == 0)
        let after = try check()
        #expect(after["ok"] as? Bool == true, "\(after)")
    }
}
