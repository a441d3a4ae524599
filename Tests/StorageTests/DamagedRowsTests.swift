import Foundation
import Language
import Models
import Testing

@testable import Storage

/// Whatever is in the rows of vectors and of the index, a process goes on.
@Suite(.serialized) struct DamagedRowsTests {
    private static let columns: [SQL] = [
        "vector_sets SET dimensions", "vector_sets SET centre", "vector_sets SET number", "vector_sets SET state",
        "vector_pages SET vectors", "vector_pages SET removed", "vector_pages SET runs", "vector_pages SET starts",
        "vector_pages SET bits", "vector_pages SET id", "vector_pages SET set_number", "vector_values SET data",
        "vector_values SET id", "vector_documents SET page", "documents SET chunk_count", "documents SET embedded_in",
        "documents SET embedding_set", "documents SET embedding_done", "index_counters SET next",
        "index_segments SET segment", "index_segments SET number",
        "index_segments SET level", "index_segments SET passages", "index_segments SET header", "index_pages SET kind",
        "index_pages SET part", "index_pages SET term", "index_pages SET data", "index_removals SET before_number",
        "passages SET position", "documents SET index_from",
    ]
    private static let values: [SQL] = [
        "0", "-1", "-8", "1", "300", "9223372036854775807", "-9223372036854775808", "x''", "x'00'", "randomblob(3)",
        "zeroblob(160)", "randomblob(160)", "randomblob(200)", "'complete'", "\(float(.nan))", "\(float(.infinity))",
        "\(float(3e38))", "\(float(1))",
    ]

    /// A centre of such numbers, or values that begin so.
    private static func float(_ number: Float) -> [UInt8] {
        VectorSet.pack(centre: Array(repeating: number, count: 40))
    }

    /// A quarter of the values in each column, unless the schema refuses it; another quarter in the next column. With
    /// ALL_VALUES, all of them, in some ten minutes.
    @Test(arguments: columns.indices) func damagedRowsNeverTrap(number: Int) throws {
        let column = Self.columns[number]
        struct Undo: Error {}
        let corpus = try Corpus()
        let (store, fake, workspace) = (corpus.store, FakeEmbedder(), try corpus.addWorkspace())
        try store.embedding.configure(fake.model)
        let ids = try (0..<3).map { number in
            try corpus.add((0..<20).map { (nil, "of \(number) \($0)") }, to: workspace)
        }
        // Large enough for pages, and with a removal.
        let words = (0..<6000).map { "word\($0)" }
        let long = stride(from: 0, to: words.count, by: 1000).map { words[$0..<($0 + 1000)].joined(separator: " ") }
        try corpus.add(long.map { (nil, $0) }, to: workspace)
        #expect(try store.database.exists("SELECT 1 FROM index_pages"))
        try store.documents.remove(try corpus.add([(nil, "removed")], to: workspace), from: workspace)
        while try store.embedNext(with: fake.embedder, at: .now()) {}
        let step = ProcessInfo.processInfo.environment["ALL_VALUES"] == nil ? 4 : 1
        for value in Self.values.indices.filter({ $0 % step == number % step }).map({ Self.values[$0] }) {
            try? store.maintain {
                try store.database.run("UPDATE OR IGNORE \(column) = \(value)")
                let query = VectorQuery(fake.vector(of: "of 1 7"), limit: 30)
                _ = try? store.vectors.search(query, by: fake.model, in: workspace)
                _ = try? store.vectors.similarities(
                    of: ids.map { (document: $0, position: 7) }, to: query.vector, by: fake.model, in: workspace)
                _ = try? store.passages.search(
                    IndexQuery([QueryClause(.should, [[.init(bytes: Array("word7".utf8))]])]), in: workspace)
                _ = try? store.documents.describe(store.documents.get(ids[1], in: workspace))
                let report = try? store.passages.report(on: workspace)
                _ = try? corpus.add([(nil, "new")], to: workspace)
                try? store.documents.remove(ids[2], from: workspace)
                for _ in 0..<10 {
                    _ = try? store.embedNext(with: fake.embedder, at: .now())
                    _ = try? store.purgeBatch(at: .now())
                }
                _ = try? report.map { try store.passages.repair(workspace, $0) }
                for _ in 0..<10 {
                    _ = try? store.embedNext(with: fake.embedder, at: .now())
                    _ = try? store.indexNext(at: .now())
                    _ = try? store.mergeSegments(at: .now())
                }
                throw Undo()
            }
        }
    }
}
