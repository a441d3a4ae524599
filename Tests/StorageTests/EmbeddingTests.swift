import Foundation
import Models
import Testing
import Wire

@testable import Storage

/// The job that makes vectors.
@Suite(.serialized) struct EmbeddingTests {
    private let corpus: Corpus
    private let workspace: Workspace.ID
    private let fake = FakeEmbedder()
    private var store: Store { corpus.store }

    private struct Killed: Error {}

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

    @Test func withoutAModelNothingWaits() throws {
        try store.embedding.configure(nil)
        let id = try corpus.add(texts(3), to: workspace)
        #expect(try progress(id) == .off)
        #expect(try !store.embedNext(with: nil, at: .now()))
        try store.embedding.configure(fake.model)
        #expect(try progress(id) == EmbeddingProgress(status: .pending, done: 0, total: 3))
        #expect(try !store.embedNext(with: nil, at: .now()), "the model cannot be reached")
        try runJobs()
        #expect(try progress(id) == EmbeddingProgress(status: .done, done: 3, total: 3))
        try store.embedding.configure(nil)
        #expect(try progress(id) == .off)
    }

    @Test func documentsUploadedFirstComeFirstAndSayHowFarTheyAre() throws {
        let first = try corpus.add(texts(50), to: workspace)
        let second = try corpus.add(texts(10, "other"), to: workspace)
        while try progress(first).done == 0 { _ = try store.embedNext(with: fake.embedder, at: .now()) }
        #expect(try progress(first) == EmbeddingProgress(status: .pending, done: 32, total: 50))
        #expect(try progress(second) == EmbeddingProgress(status: .pending, done: 0, total: 10))
        _ = try store.embedNext(with: fake.embedder, at: .now())
        #expect(try progress(first).status == .done && progress(second).status == .done)
    }

    @Test func aLargeWorkspaceDoesNotKeepOthersWaiting() throws {
        let other = try corpus.addWorkspace()
        try corpus.add(texts(1000), to: workspace)
        let small = try corpus.add(texts(3, "small"), to: other)
        // Two pieces for each: its set, and a batch.
        for _ in 0..<4 { _ = try store.embedNext(with: fake.embedder, at: .now()) }
        #expect(try store.documents.get(small, in: other).embedding.status == .done)
    }

    /// Wherever a process dies, the next one goes on, and each passage gets one vector.
    @Test func aKilledProcessLosesAndRepeatsNothing() throws {
        var ids: [Document.ID] = []
        for size in [1, 40, 7, 64] { ids.append(try corpus.add(texts(size, "of \(size)"), to: workspace)) }
        var now = Timestamp.now()
        var kills = 0
        fake.onEmbed = { texts in
            guard texts.count > 1, texts[0].starts(with: "of"), kills < 2 else { return }
            kills += 1
            throw Killed()
        }
        for _ in 0..<200 {
            _ = try? store.embedNext(with: fake.embedder, at: now)
            now = now + EmbeddingWork.leaseSeconds + 1
        }
        for id in ids { #expect(try progress(id).status == .done) }
        #expect(kills == 2)
        #expect(try count("SELECT CAST(sum(vectors) AS BIGINT) FROM vector_pages") == 112)
        #expect(try store.passages.check(workspace) == [])
        #expect(try count("SELECT count(*) FROM jobs WHERE kind = 'embedding'") == 0)
    }

    @Test func aProcessThatLostItsLeaseStoresNothing() throws {
        let id = try corpus.add(texts(5), to: workspace)
        _ = try store.embedNext(with: fake.embedder, at: .now())
        let later = Timestamp.now() + EmbeddingWork.leaseSeconds + 1
        let other = FakeEmbedder()
        var isFirst = true
        fake.onEmbed = { _ in
            guard isFirst else { return }
            isFirst = false
            _ = try self.store.embedNext(with: other.embedder, at: later)
        }
        _ = try store.embedNext(with: fake.embedder, at: .now())
        #expect(try progress(id).done == 1, "what the other one stored, which began with a single passage")
        try runJobs(at: later)
        #expect(try progress(id).status == .done)
        #expect(try count("SELECT CAST(sum(vectors) AS BIGINT) FROM vector_pages") == 5)
    }

    @Test func whatIsRemovedMeanwhileGetsNoVectors() throws {
        let kept = try corpus.add(texts(3, "kept"), to: workspace)
        let removed = try corpus.add(texts(3, "removed"), to: workspace)
        fake.onEmbed = { texts in
            if texts.contains("removed 0") { try? self.corpus.remove(removed, from: self.workspace) }
        }
        try runJobs()
        #expect(try progress(kept).status == .done)
        #expect(try count("SELECT CAST(sum(vectors) AS BIGINT) FROM vector_pages") == 3)
        #expect(try store.passages.check(workspace) == [])
    }

    @Test func aRemovedWorkspaceLeavesNothing() throws {
        try corpus.add(texts(700), to: workspace)
        try runJobs()
        let other = try corpus.addWorkspace()
        try corpus.add(texts(40), to: other)
        fake.onEmbed = { _ in try? self.store.removeWorkspace(other) {} }
        for _ in 0..<3 { _ = try store.embedNext(with: fake.embedder, at: .now()) }
        #expect(try !store.workspaces.exists(other))
        try store.removeWorkspace(workspace) {}
        while try store.purgeBatch(at: .now()) {}
        // Also if no model is configured any more.
        try store.embedding.configure(nil)
        while try store.embedNext(with: nil, at: .now()) {}
        for table: SQL in ["vector_sets", "vector_pages", "vector_values", "vector_documents"] {
            #expect(try count("SELECT count(*) FROM \(table)") == 0)
        }
        #expect(try count("SELECT count(*) FROM jobs WHERE kind = 'embedding'") == 0)
    }

    @Test func aRemovedDocumentIsNotFoundAndItsRowsGo() throws {
        var ids: [Document.ID] = []
        for number in 0..<60 {
            let long = Corpus.passages(number % 8, parts: 3)
            ids.append(try corpus.add(texts(40 - long.count, "of \(number)") + long, to: workspace))
        }
        try runJobs()
        let pages = try count("SELECT count(*) FROM vector_pages")
        for id in ids.dropFirst(5) { try store.documents.remove(id, from: workspace) }
        let query = VectorQuery(fake.vector(of: "of 30 7"), limit: 500)
        func found() throws -> Set<Document.ID> {
            Set(try store.vectors.search(query, by: fake.model, in: workspace).map(\.document))
        }
        #expect(try found() == Set(ids.prefix(5)))
        while try store.purgeBatch(at: .now()) {}
        #expect(try found() == Set(ids.prefix(5)))
        #expect(
            try count("SELECT CAST(sum(vectors - removed) AS BIGINT) FROM vector_pages") == 200 + 2 * (1 + 2 + 3 + 4))
        let all = VectorQuery(fake.vector(of: "of 4 7"), limit: 500)
        #expect(try store.vectors.search(all, by: fake.model, in: workspace).count == 200)
        #expect(try count("SELECT count(*) FROM vector_pages") <= max(1, pages / 2))
        #expect(try count("SELECT count(*) FROM vector_documents") <= 10)
        #expect(try store.passages.check(workspace) == [])
    }

    @Test func aPassageThatTheModelRefusesFailsItsDocumentOnly() throws {
        let bad = try corpus.add(texts(3) + [(nil, "poison")], to: workspace)
        let good = try corpus.add(texts(9, "good"), to: workspace)
        fake.onEmbed = { texts in
            if texts.contains("poison") { throw APIError(.validation, "The text is too strange") }
        }
        var now = Timestamp.now()
        for _ in 0..<30 {
            try runJobs(at: now)
            now = now + 2
        }
        #expect(try progress(good).status == .done)
        #expect(try progress(bad) == EmbeddingProgress(status: .failed, done: 3, total: 4))
        let error = try store.documents.get(bad, in: workspace).error
        #expect(error?.contains("The text is too strange") == true)
        #expect(try count("SELECT count(*) FROM jobs WHERE kind = 'embedding'") == 0)
        #expect(try store.passages.check(workspace) == [])
        // Another model may take it.
        fake.onEmbed = { _ in }
        let other = FakeEmbedder("other")
        try store.embedding.configure(other.model)
        #expect(try progress(bad).status == .pending)
        while try store.embedNext(with: other.embedder, at: now) {}
        #expect(try progress(bad).status == .done)
        #expect(try store.documents.get(bad, in: workspace).error == nil)
    }

    @Test func aPassageThatKillsProcessesFailsItsDocument() throws {
        let bad = try corpus.add([(nil, "poison")], to: workspace)
        let good = try corpus.add(texts(9, "good"), to: workspace)
        fake.onEmbed = { texts in if texts.contains("poison") { throw Killed() } }
        var now = Timestamp.now()
        for _ in 0..<40 {
            _ = try? store.embedNext(with: fake.embedder, at: now)
            now = now + EmbeddingWork.leaseSeconds + 1
        }
        #expect(try progress(good).status == .done && progress(bad).status == .failed)
    }

    @Test func aModelThatIsNotAvailableIsWaitedFor() throws {
        let id = try corpus.add(texts(3), to: workspace)
        fake.onEmbed = { _ in throw APIError(.serviceUnavailable, "Nobody is there") }
        var now = Timestamp.now()
        for _ in 0..<20 {
            try runJobs(at: now)
            #expect(try !store.embedNext(with: fake.embedder, at: now))
            now = now + EmbeddingWork.patience
        }
        #expect(try progress(id).status == .pending)
        fake.onEmbed = { _ in }
        try runJobs(at: now + EmbeddingWork.patience)
        #expect(try progress(id).status == .done)
    }

    @Test func searchesUseTheOldVectorsUntilTheNewOnesAreComplete() throws {
        let id = try corpus.add(texts(100), to: workspace)
        try runJobs()
        let other = FakeEmbedder("other", dimensions: 8)
        try store.embedding.configure(other.model)
        var pieces = 0
        while try store.vectors.model(of: workspace) == fake.model {
            let query = VectorQuery(fake.vector(of: "text 7"), limit: 100)
            #expect(try store.vectors.search(query, by: fake.model, in: workspace).count == 100)
            #expect(try progress(id).status == .pending || progress(id).done == 100)
            _ = try store.embedNext(with: other.embedder, at: .now())
            pieces += 1
            #expect(pieces < 20)
        }
        #expect(try store.vectors.model(of: workspace) == other.model)
        while try store.embedNext(with: other.embedder, at: .now()) {}
        let query = VectorQuery(other.vector(of: "text 7"), limit: 100)
        #expect(try store.vectors.search(query, by: other.model, in: workspace).count == 100)
        #expect(try count("SELECT count(*) FROM vector_sets") == 1)
        #expect(try count("SELECT CAST(sum(vectors) AS BIGINT) FROM vector_pages") == 100)
        #expect(try store.passages.check(workspace) == [])
    }

    @Test func anEstimateCoversWhatComesFirst() throws {
        let first = try corpus.add(texts(100), to: workspace)
        let second = try corpus.add(texts(20, "second"), to: workspace)
        let other = try corpus.addWorkspace()
        try corpus.add(texts(1000, "much"), to: other)
        func seconds(_ id: Document.ID) throws -> Int? {
            try store.documents.describe(store.documents.get(id, in: workspace)).embedding.estimatedSeconds
        }
        #expect(try seconds(first) == nil, "nothing was measured yet")
        try store.settings.set("embedding rate", to: "2000")
        // Of the other workspace, as much is done meanwhile.
        #expect(try seconds(first) == 100 && seconds(second) == 120)
        let page = try store.documents.list(
            in: workspace, filter: .init(), page: PageRequest(page: 1, limit: 10))
        #expect(page.total == 2)
        try corpus.remove(first, from: workspace)
        #expect(try seconds(second) == 20)
        #expect(try count("SELECT progress FROM jobs WHERE kind = 'embedding' AND subject = \(workspace)") == 20)
        try runJobs()
        #expect(try seconds(second) == nil)
    }

    @Test func theCheckFindsWhatIsWrongAndTheRepairMakesItAgain() throws {
        for number in 0..<3 { try corpus.add(texts(300, "of \(number)"), to: workspace) }
        let damages: [SQL] = [
            "DELETE FROM vector_values WHERE id = (SELECT min(id) FROM vector_values)",
            "UPDATE vector_pages SET runs = \([UInt8(0)]) WHERE id = (SELECT max(id) FROM vector_pages)",
            "UPDATE vector_pages SET starts = \([UInt8(0)]) WHERE id = (SELECT min(id) FROM vector_pages)",
            """
            UPDATE vector_pages SET starts = \(sqlite: "zeroblob(length(starts))",
                postgres: "decode(repeat('00', octet_length(starts)), 'hex')")
            """,
            "UPDATE vector_pages SET bits = \([UInt8(0)]) WHERE id = (SELECT min(id) FROM vector_pages)",
            "DELETE FROM vector_pages WHERE id = (SELECT min(id) FROM vector_pages)",
            "UPDATE documents SET embedding_done = 7, embedded_in = 0",
            "UPDATE documents SET embedded_in = 0, embedding_set = 0",
            "UPDATE vector_pages SET set_number = 99",
            "DELETE FROM vector_documents",
        ]
        for damage in damages {
            try runJobs()
            #expect(try store.passages.check(workspace) == [])
            try store.database.run(damage)
            let report = try store.passages.report(on: workspace)
            #expect(!report.differences.isEmpty)
            _ = try store.passages.repair(workspace, report)
        }
        try runJobs()
        try corpus.runJobs()
        #expect(try store.passages.check(workspace) == [])
        #expect(try count("SELECT CAST(sum(vectors - removed) AS BIGINT) FROM vector_pages") == 900)
    }
}
