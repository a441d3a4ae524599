import Models
import Testing
import Wire

@testable import Storage

extension Corpus {
    /// Passages that have this number of parts.
    static func passages(_ count: Int, parts: Int) -> [(heading: String?, content: String)] {
        (0..<count).map { number in
            ("long", String(repeating: String(repeating: "word ", count: 117) + "\(number).\n", count: parts))
        }
    }
}

@Suite(.serialized) struct EmbeddedPartsTests {
    /// Progress counts passages, and no batch has more texts than it may.
    @Test func eachPartOfAPassageGetsAVector() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        let (store, fake) = (corpus.store, FakeEmbedder())
        try store.embedding.configure(fake.model)
        let id = try corpus.add(Corpus.passages(20, parts: 5) + Corpus.passages(3, parts: 90), to: workspace)
        func progress() throws -> EmbeddingProgress { try store.documents.get(id, in: workspace).embedding }
        func vectors() throws -> Int {
            try store.database.value("SELECT CAST(coalesce(sum(vectors), 0) AS BIGINT) FROM vector_pages") ?? 0
        }
        var sizes: [Int] = []
        fake.onEmbed = { texts in if texts[0].hasPrefix("long\n") { sizes.append(texts.count) } }
        while try store.embedNext(with: fake.embedder, at: .now()) {
            let done = try progress().done
            #expect(try vectors() == min(done, 20) * 5 + max(0, done - 20) * PassageParts.most)
            #expect(try store.passages.check(workspace) == [])
        }
        #expect(sizes == [60, 56, 32])
        #expect(try progress() == EmbeddingProgress(status: .done, done: 23, total: 23))
        #expect(try vectors() == 20 * 5 + 3 * PassageParts.most)
    }
}
