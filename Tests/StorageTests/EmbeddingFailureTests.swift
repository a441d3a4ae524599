import Models
import Testing
import Wire

@testable import Storage

/// What the job that makes vectors does when models refuse, when they are changed, and when rows are damaged.
@Suite(.serialized) struct EmbeddingFailureTests {
    private let corpus: Corpus
    private let workspace: Workspace.ID
    private let fake = FakeEmbedder()
    private var store: Store { corpus.store }

    init() throws {
        corpus = try Corpus()
        workspace = try corpus.addWorkspace()
        try corpus.store.embedding.configure(fake.model)
    }

    private func texts(_ count: Int, _ name: String = "text") -> [(heading: String?, content: String)] {
        (0..<count).map { (nil, "\(name) \($0)") }
    }

    private func progress(_ document: Document.ID) throws -> EmbeddingProgress {
        try store.documents.get(document, in: workspace).embedding
    }

    private func runJobs(at now: Timestamp = .now()) throws {
        while try store.embedNext(with: fake.embedder, at: now) {}
    }

    private func count(_ sql: SQL) throws -> Int { try store.database.value(sql) ?? 0 }

    /// A wrong key, or a bill that was not paid, is no fault of the documents.
    @Test func aModelThatRefusesEverythingIsWaitedFor() throws {
        let id = try corpus.add(texts(3), to: workspace)
        var now = Timestamp.now()
        // Before there is a set, and afterwards.
        for pieces in 0...1 {
            for _ in 0..<pieces { _ = try store.embedNext(with: fake.embedder, at: now) }
            fake.onEmbed = { _ in throw APIError(.modelRejected, "The provider refused the key") }
            for _ in 0..<20 {
                try runJobs(at: now)
                now = now + (EmbeddingWork.patience - 1)
                #expect(try !store.embedNext(with: fake.embedder, at: now))
                now = now + 1
            }
            #expect(try progress(id).status == .pending)
            fake.onEmbed = { _ in }
        }
        try runJobs(at: now)
        #expect(try progress(id).status == .done)
    }

    @Test func aRepairHasDocumentsTriedAgainThatFailed() throws {
        let id = try corpus.add(texts(2) + [(nil, "poison")], to: workspace)
        fake.onEmbed = { texts in if texts.contains("poison") { throw APIError(.modelRejected, "No") } }
        for second in 0..<20 { try runJobs(at: .now() + second) }
        #expect(try progress(id).status == .failed)
        fake.onEmbed = { _ in }
        let report = try store.passages.report(on: workspace)
        #expect(try report.differences == [] && store.passages.repair(workspace, report) == 1)
        #expect(try progress(id).status == .pending)
        try runJobs()
        #expect(try progress(id).status == .done && store.documents.get(id, in: workspace).error == nil)
        #expect(try count("SELECT CAST(sum(vectors - removed) AS BIGINT) FROM vector_pages") == 3)
    }

    /// Two processes that are configured differently do not embed everything in turn.
    @Test func aModelThatWasReplacedWaitsUntilNobodyAsksForTheOther() throws {
        let (other, third) = (FakeEmbedder("other"), FakeEmbedder("third"))
        let id = try corpus.add(texts(3), to: workspace)
        var now = Timestamp.now()
        func ask(_ models: FakeEmbedder...) throws {
            for one in models {
                try store.embedding.configure(one.model, at: now)
                while try store.embedNext(with: one.embedder, at: now) {}
            }
            now = now + 60
        }
        try ask(fake)
        #expect(try store.vectors.model(of: workspace) == fake.model)
        let own = fake.embedded
        for _ in 0..<30 {
            try ask(other, fake)
            #expect(try store.vectors.model(of: workspace) == other.model && progress(id).status == .done)
        }
        #expect(fake.embedded == own)
        for _ in 0..<30 { try ask(third, other, fake) }
        #expect(try store.vectors.model(of: workspace) == third.model && fake.embedded == own)
        // The others are not asked for any more. The first time was a minute ago.
        for minute in 0..<12 {
            try ask(fake)
            #expect(try store.vectors.model(of: workspace) == (minute < 9 ? third.model : fake.model))
        }
    }

    /// The job of a workspace stays for the model that was recorded after it was done.
    @Test func aProcessWithAnotherModelThanRecordedDoesNothing() throws {
        let id = try corpus.add(texts(3), to: workspace)
        let other = FakeEmbedder("other")
        fake.onEmbed = { texts in if texts.count == 3 { try self.store.embedding.configure(other.model) } }
        try runJobs()
        #expect(try store.vectors.model(of: workspace) == fake.model)
        #expect(try !store.embedNext(with: fake.embedder, at: .now()))
        while try store.embedNext(with: other.embedder, at: .now()) {}
        #expect(try store.vectors.model(of: workspace) == other.model && progress(id).status == .done)
    }

    @Test(
        arguments: [
            "UPDATE vector_pages SET bits = \([UInt8(0)])", "UPDATE vector_pages SET runs = \([UInt8(0)])",
            "UPDATE vector_pages SET starts = \([UInt8(0)])", "UPDATE vector_values SET data = \([UInt8(0)])",
            "DELETE FROM vector_values",
            "UPDATE vector_pages SET vectors = 9223372036854775807", "UPDATE vector_pages SET vectors = -1",
        ] as [SQL])
    func aDamagedPageKeepsNeitherEmbeddingNorPurgingFromGoingOn(damage: SQL) throws {
        var ids = try (0..<3).map { try corpus.add(texts(3, "of \($0)"), to: workspace) }
        try runJobs()
        try store.database.run(damage)
        ids.append(try corpus.add(texts(5, "new"), to: workspace))
        try runJobs()
        #expect(try progress(ids[3]).status == .done)
        for id in ids.dropFirst() { try store.documents.remove(id, from: workspace) }
        while try store.purgeBatch(at: .now()) {}
        #expect(try count("SELECT count(*) FROM jobs WHERE kind = 'purge'") == 0)
        #expect(try count("SELECT count(*) FROM vector_documents") == 1)
        let report = try store.passages.report(on: workspace)
        #expect(report.differences.count == 2, "the page, and the document that is left")
        _ = try store.passages.repair(workspace, report)
        try runJobs()
        #expect(try store.passages.check(workspace) == [])
        #expect(try progress(ids[0]).status == .done && count("SELECT count(*) FROM vector_pages") == 1)
    }
}
