import Foundation
import TestSupport
import Testing

/// Every response of one story, recorded in `Snapshots`: one readable file per function, to be reviewed like code.
/// `RECORD_SNAPSHOTS=1` records them again.
@Suite struct SnapshotTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Snapshots")
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

    @Test func everyResponseIsAsRecorded() throws {
        let recorder = try SnapshotRecorder()
        try SnapshotStory(recorder: recorder).tell()
        #expect(!Installation.names.isEmpty)
        for name in Installation.names {
            let statuses = recorder.statuses[name] ?? []
            #expect(statuses.contains { $0 < 400 }, "\(name) has no good response")
            #expect(statuses.contains { $0 >= 400 }, "\(name) has no error")
        }
        if Self.isRecording { try record(recorder.texts) }
        for (name, text) in recorder.texts.sorted(by: { $0.key < $1.key }) {
            // It tells which engine there is.
            if name == "health", TestDatabase.isOnServer { continue }
            let file = Self.folder.appendingPathComponent("\(name).http")
            guard let recorded = try? String(contentsOf: file, encoding: .utf8) else {
                Issue.record("\(name) has no snapshot: run the tests with RECORD_SNAPSHOTS=1 and review the new file")
                continue
            }
            if let difference = Self.firstDifference(recorded, text) {
                Issue.record("\(name) answers differently from its snapshot. \(difference)")
            }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files).subtracting(recorder.texts.keys.map { "\($0).http" }) == [], "snapshots that nobody uses")
    }

    private func record(_ texts: [String: String]) throws {
        try? FileManager.default.removeItem(at: Self.folder)
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        for (name, text) in texts {
            try Data(text.utf8).write(to: Self.folder.appendingPathComponent("\(name).http"))
        }
    }

    /// The first lines that differ, with the title of their exchange.
    private static func firstDifference(_ recorded: String, _ found: String) -> String? {
        if recorded == found { return nil }
        let (old, new) = (recorded.components(separatedBy: "\n"), found.components(separatedBy: "\n"))
        let line =
            zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
        let title = new.prefix(line).last { $0.hasPrefix("### ") } ?? ""
        let part = line..<(line + 4)
        return """
            \(title), line \(line + 1)
            recorded: \(old[part.clamped(to: old.indices)].joined(separator: "\n          "))
            found:    \(new[part.clamped(to: new.indices)].joined(separator: "\n          "))
            """
    }
}
