import Foundation
import Jobs
import Models
import TestSupport
import Testing
import Wire

@testable import Storage

/// How kinds of work share the time of a process.
@Suite final class JobLoopTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
    private let store: Store
    private let times = JobStore.Times(lease: 60, wait: 60)

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try .forTests(in: folder.path)
        try store.database.run("DELETE FROM jobs")
    }

    deinit {
        TestDatabase.drop(for: folder.path)
        try? FileManager.default.removeItem(at: folder)
    }

    private struct Failure: Error {}

    private func enqueue(_ count: Int, _ kind: Job.Kind, in queue: String) throws {
        try store.write {
            for number in 0..<count {
                try store.jobs.enqueue(kind, "\(queue) \(number)", in: queue, dueAt: JobStore.atOnce)
            }
        }
    }

    /// Does one job in each piece of work, which takes as long as that.
    private func kind(
        _ kind: Job.Kind, turn: Int64, takes microseconds: UInt32, _ done: @escaping (Job) -> Void
    ) -> JobKind {
        JobKind(kind, times, milliseconds: turn) { [store] _ in
            guard let job = try store.jobs.claimNext(kind, for: 60, at: .now()) else { return false }
            usleep(microseconds)
            done(job)
            try store.jobs.finish(job)
            return true
        }
    }

    @Test func withHardlyAnyTimeEveryKindStillProgresses() throws {
        var done: [Job.Kind: [String]] = [:]
        let all: [Job.Kind] = [.webhook, .ingestion, .purge, .sweep]
        for kind in all { try enqueue(5, kind, in: "a") }
        let kinds = all.map { kind in
            self.kind(kind, turn: 0, takes: 2000) { done[kind, default: []].append($0.subject) }
        }
        for run in 1...5 {
            let isDone = try JobLoop(store, kinds, isStopping: { false }).run()
            #expect(!isDone)
            for kind in all { #expect(done[kind]?.count == run, "\(kind) in run \(run)") }
        }
        #expect(try JobLoop(store, kinds, isStopping: { false }).run(), "nothing is left")
    }

    @Test func noWorkspaceStarvesAnother() throws {
        var done: [String] = []
        let all: [Job.Kind] = [.ingestion, .purge]
        // One has far more work than is done in these runs, of one kind; others have a little of each.
        try enqueue(1000, .ingestion, in: "a greedy")
        try enqueue(1000, .purge, in: "a greedy")
        try enqueue(1, .purge, in: "modest")
        try enqueue(1, .ingestion, in: "new")
        let kinds = all.map { kind in self.kind(kind, turn: 10, takes: 2000) { done.append("\(kind) \($0.queue)") } }
        for _ in 0..<2 { _ = try JobLoop(store, kinds, isStopping: { false }).run() }
        #expect(done.contains("purge modest") && done.contains("ingestion new"))
        #expect(done.count < 100, "the other has not been waited for")
    }

    @Test func aKindThatFailsHoldsUpNoOther() throws {
        var done = 0
        try enqueue(1, .purge, in: "a")
        let kinds = [
            JobKind(.webhook, times, milliseconds: 10) { _ in throw Failure() },
            kind(.purge, turn: 10, takes: 0) { _ in done += 1 },
        ]
        #expect(throws: Failure.self) { try JobLoop(store, kinds, isStopping: { false }).run() }
        #expect(done == 1)
    }

    @Test func aProcessThatIsToEndBeginsNothing() throws {
        var (done, isStopping) = (0, false)
        for kind in [Job.Kind.ingestion, .purge] { try enqueue(5, kind, in: "a") }
        let kinds = [Job.Kind.ingestion, .purge].map {
            kind($0, turn: 10_000, takes: 0) { _ in
                done += 1
                isStopping = done == 3
            }
        }
        #expect(try !JobLoop(store, kinds, isStopping: { isStopping }).run())
        #expect(done == 3)
    }

    @Test func aSweepIsDueAgainLaterAndAfterAFailureSoon() throws {
        let retention = Retention(deliveries: 10, waiting: 10)
        try enqueue(1, .sweep, in: "")
        try store.database.run("UPDATE jobs SET subject = 'sessions'")
        #expect(try JobLoop(store, [.sweep(store, retention, milliseconds: 100)], isStopping: { false }).run())
        func wait() throws -> Int64 {
            let due = try #require(try store.database.value("SELECT due_at FROM jobs", as: Timestamp.self))
            return (due.milliseconds - Timestamp.now().milliseconds) / 1000
        }
        #expect((3500...3600).contains(try wait()))
        // A table is missing.
        try store.database.run("UPDATE jobs SET due_at = 1")
        try store.database.script("ALTER TABLE refresh_tokens RENAME TO gone")
        for attempt in 1...3 {
            try store.database.run("UPDATE jobs SET due_at = 1")
            #expect(throws: APIError.self) {
                try JobLoop(store, [.sweep(store, retention, milliseconds: 100)], isStopping: { false }).run()
            }
            #expect(try store.database.value("SELECT attempts FROM jobs", as: Int.self) == attempt)
            #expect(try wait() <= 1 << attempt)
        }
    }

    /// What an interrupted process has, and what waits, must not wait for the time that the clock showed before.
    @Test func aClockThatIsSetBackDelaysNothing() throws {
        let now = Timestamp.now()
        for (subject, columns) in [
            ("new", "NULL, 0, NULL"), ("leased", "\((now + 86_400).milliseconds), 0, NULL"),
            ("tried", "NULL, 1, \(now.milliseconds)"), ("tried in the future", "NULL, 1, \((now + 600).milliseconds)"),
        ] {
            try store.database.script(
                """
                INSERT INTO jobs (kind, subject, queue, due_at, lease, attempts, attempted_at)
                VALUES ('purge', '\(subject)', 'a', \((now + 86_400).milliseconds), \(columns))
                """)
        }
        try store.database.script(
            """
            INSERT INTO jobs (kind, subject, queue, due_at, attempts, attempted_at)
            VALUES ('purge', 'as it should', 'a', \((now + 50).milliseconds), 1, \(now.milliseconds))
            """)
        try store.jobs.correctTimes(of: .purge, times, at: now)
        let due = try store.database.all("SELECT subject FROM jobs WHERE due_at <= \(now) AND lease IS NULL") {
            $0.next(String.self)
        }
        #expect(Set(due) == ["new", "leased", "tried", "tried in the future"])
    }
}
