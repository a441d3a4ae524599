import Foundation
import Models
import TestSupport
import Testing
import Wire

@testable import Storage

/// The table of jobs: who may claim what, and when.
@Suite final class JobStoreTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
    private let store: Store
    /// Another process.
    private let other: Store
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try .forTests(in: folder.path)
        other = try .forTests(in: folder.path)
    }

    deinit {
        TestDatabase.drop(for: folder.path)
        try? FileManager.default.removeItem(at: folder)
    }

    private struct Failure: Error {}

    private func enqueue(_ subject: String, in queue: String, due: Int = 0, kind: Job.Kind = .ingestion) throws {
        _ = try store.write { try store.jobs.enqueue(kind, subject, in: queue, dueAt: now + due) }
    }

    private func claimAll(_ kind: Job.Kind = .ingestion, at time: Timestamp) throws -> [String] {
        var subjects: [String] = []
        while let job = try store.jobs.claimNext(kind, for: 60, at: time) { subjects.append(job.subject) }
        return subjects
    }

    @Test func aJobIsThereWithTheTransactionThatCausedIt() throws {
        #expect(throws: Failure.self) {
            try store.write {
                try store.jobs.enqueue(.ingestion, "one", in: "a", dueAt: now)
                #expect(try !other.jobs.isDue(.ingestion, at: now), "nobody sees it yet")
                throw Failure()
            }
        }
        #expect(try !store.jobs.isDue(.ingestion, at: now))
        try enqueue("one", in: "a")
        #expect(try other.jobs.claimNext(.ingestion, for: 60, at: now)?.subject == "one")
    }

    @Test func aJobIsNotClaimedBeforeItIsDue() throws {
        try enqueue("late", in: "a", due: 10)
        #expect(try claimAll(at: now + 9).isEmpty)
        #expect(try claimAll(at: now + 10) == ["late"])
    }

    @Test func theJobOfAProcessThatDiedIsTakenOverAfterItsLease() throws {
        try enqueue("one", in: "a")
        let lost = try #require(try store.jobs.claimNext(.ingestion, for: 60, at: now))
        #expect(try other.jobs.claimNext(.ingestion, for: 60, at: now + 59) == nil)
        let taken = try #require(try other.jobs.claimNext(.ingestion, for: 60, at: now + 60))
        // Whatever the first does by now has no effect.
        #expect(throws: Job.LeaseLost.self) { try store.jobs.renewLease(of: lost, for: 60, at: now + 61) }
        #expect(try !store.jobs.finish(lost) && !store.jobs.release(lost, at: now))
        #expect(try !store.jobs.retry(lost, at: now, because: "late", now: now))
        #expect(try other.jobs.finish(taken))
        #expect(try claimAll(at: now + 1000).isEmpty)
    }

    @Test func aLeaseThatIsRenewedLastsLonger() throws {
        try enqueue("one", in: "a")
        let job = try #require(try store.jobs.claimNext(.ingestion, for: 60, at: now))
        let renewed = try store.jobs.renewLease(of: job, for: 60, at: now + 30)
        #expect(try claimAll(at: now + 89).isEmpty)
        #expect(throws: Job.LeaseLost.self) { try store.jobs.renewLease(of: job, for: 60, at: now + 31) }
        // Also at the same moment, it is another lease.
        let again = try store.jobs.renewLease(of: renewed, for: 60, at: now + 30)
        #expect(again.leasedUntil > renewed.leasedUntil)
        #expect(try !store.jobs.finish(renewed) && store.jobs.finish(again))
    }

    @Test func oneOfManyProcessesClaimsAJob() throws {
        try enqueue("one", in: "a")
        let candidate = Job.Candidate(kind: .ingestion, subject: "one", dueAt: now)
        let first = try store.write { try store.jobs.claim(candidate, until: now + 60) }
        let second = try other.write { try other.jobs.claim(candidate, until: now + 60) }
        #expect(first != nil && second == nil)
    }

    @Test func queuesTakeTurns() throws {
        for number in 0..<5 { try enqueue("a\(number)", in: "a", due: -100) }
        for number in 0..<2 { try enqueue("b\(number)", in: "b", due: -1) }
        try enqueue("c0", in: "c")
        #expect(try claimAll(at: now) == ["a0", "b0", "c0", "a1", "b1", "a2", "a3", "a4"])
        // The turn goes on in another process, and whatever the kind before it did.
        for number in 5..<7 { try enqueue("a\(number)", in: "a", due: -100) }
        try enqueue("b2", in: "b")
        try enqueue("other", in: "z", kind: .purge)
        #expect(try store.jobs.claimNext(.purge, for: 60, at: now)?.subject == "other")
        #expect(try other.jobs.claimNext(.ingestion, for: 60, at: now)?.subject == "b2")
    }

    @Test func aJobThatIsEnqueuedAgainStartsOver() throws {
        try enqueue("one", in: "a")
        let job = try #require(try store.jobs.claimNext(.ingestion, for: 60, at: now))
        #expect(try store.jobs.retry(job, at: now + 600, because: "no luck", now: now))
        let error = try store.database.value("SELECT error FROM jobs WHERE subject = 'one'", as: String.self)
        #expect(error == "no luck")
        #expect(try claimAll(at: now + 599).isEmpty)
        try enqueue("one", in: "a")
        let again = try #require(try store.jobs.claimNext(.ingestion, for: 60, at: now))
        #expect(again.attempts == 0)
        #expect(try store.database.value("SELECT count(*) FROM jobs WHERE kind = 'ingestion'", as: Int.self) == 1)
    }

    /// With hundreds of thousands of jobs, none of the questions that are asked every second may go through all of them.
    @Test(.disabled(if: TestDatabase.isOnServer)) func aClaimReadsAnIndex() throws {
        let questions: [SQL] = [
            "SELECT 1 FROM jobs WHERE kind = \(Job.Kind.purge) AND due_at <= \(now) LIMIT 1",
            """
            SELECT subject, due_at, queue FROM jobs WHERE kind = \(Job.Kind.purge) AND queue > 'a' AND due_at <= \(now)
            ORDER BY queue, due_at LIMIT 1
            """, "SELECT 1 FROM jobs WHERE kind = \(Job.Kind.purge) AND \(JobStore.isLeased(atMost: 60, at: now))",
            "SELECT min(queue) FROM jobs WHERE kind = \(Job.Kind.webhook) AND queue > 'a'",
            "SELECT min(due_at) FROM jobs WHERE kind = \(Job.Kind.webhook) AND queue = 'a'",
        ]
        for question in questions {
            let plan = try store.database.all("EXPLAIN QUERY PLAN \(question)") { row in
                for _ in 0..<3 { _ = row.integer() }
                return row.text()
            }.joined(separator: "; ")
            #expect(plan.contains("INDEX jobs_") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "\(plan)")
        }
    }
}
