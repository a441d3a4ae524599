import Foundation
import Models
import Testing
import Wire

@testable import Storage

/// What a search of vectors finds is what comparing every vector finds, whatever was added, removed, embedded and
/// embedded again by another model.
@Suite(.serialized) struct VectorSearchTests {
    /// Knows which passages have a vector, by what the documents say.
    private final class Oracle {
        let corpus: Corpus
        var texts: [Document.ID: [String]] = [:]
        /// Of each workspace, the passages that had vectors when another model was configured.
        var old: [Workspace.ID: [Document.ID: Int]] = [:]

        init(_ corpus: Corpus) { self.corpus = corpus }

        func done(in workspace: Workspace.ID) throws -> [Document.ID: Int] {
            var done: [Document.ID: Int] = [:]
            for document in corpus.documents[workspace] ?? [] {
                done[document] = try corpus.store.documents.get(document, in: workspace).embedding.done
            }
            return done
        }

        /// The cosines of all passages that have a vector of a model.
        func cosines(
            _ query: VectorQuery, _ fake: FakeEmbedder, in workspace: Workspace.ID, isOld: Bool
        ) throws -> [VectorHit] {
            let done = try isOld ? old[workspace] ?? [:] : done(in: workspace)
            let there = Set(corpus.documents[workspace] ?? [])
            var all: [VectorHit] = []
            for (document, count) in done where there.contains(document) && query.documents.contains(document) {
                for (position, text) in (texts[document] ?? []).prefix(count).enumerated() {
                    let products = PassageParts.split(text).map { part in
                        zip(query.vector, fake.vector(of: part)).reduce(0) { $0 + $1.0 * $1.1 }
                    }
                    all.append(
                        VectorHit(
                            document: document, position: position, cosine: Double(products.max() ?? -1),
                            similarity: 0))
                }
            }
            return all.sorted { $0.cosine > $1.cosine }
        }
    }

    /// Eight bits a dimension.
    private static let tolerance = 4e-3

    /// A passage that has this number of parts.
    private static func passage(_ name: String, parts: Int) -> String {
        (0..<parts).map { part in
            let start = "\(name), part \(part)"
            return start + String(repeating: "x", count: 590 - start.utf8.count) + "."
        }.joined(separator: " ")
    }

    private static func expect(_ found: [VectorHit], _ all: [VectorHit], _ query: VectorQuery) {
        #expect(found.count == min(query.limit, all.count))
        #expect(Set(found.map { "\($0.document) \($0.position)" }).count == found.count)
        let exact = Dictionary(uniqueKeysWithValues: all.map { ("\($0.document) \($0.position)", $0.cosine) })
        for (rank, hit) in found.enumerated() {
            guard let cosine = exact["\(hit.document) \(hit.position)"] else {
                Issue.record("\(hit) has no vector")
                continue
            }
            #expect(abs(cosine - hit.cosine) < tolerance)
            #expect(cosine > all[rank].cosine - tolerance, "better ones are left out")
        }
    }

    @Test(arguments: 0..<6) func findsWhatComparingAllFinds(seed: UInt64) throws {
        let corpus = try Corpus()
        let oracle = Oracle(corpus)
        let store = corpus.store
        var numbers = Numbers(state: seed)
        let workspaces = try (0..<3).map { _ in try corpus.addWorkspace() }
        var (now, fake, last) = (Timestamp.now(), FakeEmbedder(), nil as FakeEmbedder?)
        try store.embedding.configure(fake.model)
        for step in 0..<120 {
            let workspace = try #require(workspaces.randomElement(using: &numbers))
            switch Int.random(in: 0..<20, using: &numbers) {
            case 0..<8:
                let most = [1, 1, 2, 5, 16].randomElement(using: &numbers) ?? 1
                let texts = (0..<Int.random(in: 1...(60 / most), using: &numbers)).map { number in
                    Self.passage("\(step) \(number)", parts: Int.random(in: 1...most, using: &numbers))
                }
                let id = try corpus.add(texts.map { (nil, $0) }, to: workspace)
                oracle.texts[id] = texts
            case 8..<11:
                if let id = corpus.documents[workspace]?.randomElement(using: &numbers) {
                    try corpus.remove(id, from: workspace)
                }
            case 11 where step > 40 && last == nil:
                for workspace in workspaces { oracle.old[workspace] = try oracle.done(in: workspace) }
                last = fake
                fake = FakeEmbedder("other", dimensions: 100)
                try store.embedding.configure(fake.model)
            case 12:
                while try store.embedNext(with: fake.embedder, at: now) {}
            default:
                _ = try store.embedNext(with: fake.embedder, at: now)
            }
            now = now + 1
            guard let model = try store.vectors.model(of: workspace) else { continue }
            let isOld = model != fake.model
            let used = isOld ? try #require(last) : fake
            var query = VectorQuery(used.vector(of: "query \(step)"), limit: Int.random(in: 1...30, using: &numbers))
            if Int.random(in: 0..<3, using: &numbers) == 0 {
                let all = corpus.documents[workspace] ?? []
                query.documents = .only(Set(all.filter { DocumentKey($0).low % 2 == 0 }))
            }
            // Before the first set of the new model is there, documents say what is missing of it.
            let all = try oracle.cosines(query, used, in: workspace, isOld: isOld)
            Self.expect(try store.vectors.search(query, by: model, in: workspace), all, query)
            let unknown = EmbeddingModel(name: "unknown", dimensions: query.vector.count)
            #expect(try store.vectors.search(query, by: unknown, in: workspace) == [])
        }
        while try store.embedNext(with: fake.embedder, at: now) {}
        for workspace in workspaces {
            #expect(try store.passages.check(workspace) == [])
            for document in corpus.documents[workspace] ?? [] {
                let embedding = try store.documents.get(document, in: workspace).embedding
                #expect(embedding.status == .done && embedding.done == oracle.texts[document]?.count)
            }
        }
    }

    /// More vectors than candidates, in several pages.
    @Test func theTenNearestAreAmongTheCandidates() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        let store = corpus.store
        let fake = FakeEmbedder(dimensions: 384)
        try store.embedding.configure(fake.model)
        let texts = (0..<3000).map { "passage \($0)" }
        for start in stride(from: 0, to: texts.count, by: 500) {
            try corpus.add(texts[start..<(start + 500)].map { (nil, $0) }, to: workspace)
        }
        while try store.embedNext(with: fake.embedder, at: .now()) {}
        let vectors = texts.map(fake.vector)
        var found = 0
        for number in 0..<20 {
            // Near a passage, as questions are.
            let near = zip(vectors[number * 140], fake.vector(of: "query \(number)")).map { $0 + $1 }
            let query = VectorQuery(FakeEmbedder.unit(near))
            let exact = vectors.map { zip($0, query.vector).reduce(0) { $0 + $1.0 * $1.1 } }.sorted(by: >)
            let hits = try store.vectors.search(query, by: fake.model, in: workspace)
            found += hits.count { $0.cosine >= Double(exact[9]) - 5e-4 }
        }
        #expect(found >= 198, "of 200")
    }

    /// Even where most of the nearest vectors are of a few passages.
    @Test(arguments: [false, true]) func asManyPassagesAreFoundAsAreWanted(onlySome: Bool) throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        let fake = FakeEmbedder()
        try corpus.store.embedding.configure(fake.model)
        let near = Self.passage("near", parts: 1)
        let long = Array(repeating: near, count: PassageParts.most).joined(separator: " ")
        let first = try corpus.add((0..<30).map { _ in (nil, long) }, to: workspace)
        let second = try corpus.add((0..<40).map { (nil, "far \($0)") }, to: workspace)
        let third = try corpus.add((0..<40).map { (nil, "other \($0)") }, to: workspace)
        while try corpus.store.embedNext(with: fake.embedder, at: .now()) {}
        var query = VectorQuery(fake.vector(of: near), limit: 60)
        if onlySome { query.documents = .only([first, second]) }
        let hits = try corpus.store.vectors.search(query, by: fake.model, in: workspace)
        #expect(hits.count == 60)
        #expect(Set(hits.prefix(30).map(\.position)) == Set(0..<30))
        #expect(hits.prefix(30).allSatisfy { $0.document == first })
        #expect(Set(hits.map { "\($0.document) \($0.position)" }).count == 60)
        #expect(onlySome != hits.contains { $0.document == third })
    }

    @Test func theSimilaritiesOfGivenPassagesAreThoseThatASearchFinds() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        let fake = FakeEmbedder()
        try corpus.store.embedding.configure(fake.model)
        let id = try corpus.add(
            (0..<70).map { (nil, Self.passage("passage \($0)", parts: 1 + $0 % 4)) }, to: workspace)
        while try corpus.store.embedNext(with: fake.embedder, at: .now()) {}
        let late = try corpus.add([(nil, "not embedded")], to: workspace)
        let query = fake.vector(of: "query")
        let hits = try corpus.store.vectors.search(VectorQuery(query, limit: 70), by: fake.model, in: workspace)
        #expect(hits.count == 70)
        let similarities = try corpus.store.vectors.similarities(
            of: hits.map { ($0.document, $0.position) } + [(late, 0), (id, 70)], to: query, by: fake.model,
            in: workspace)
        #expect(similarities == hits.map { $0.similarity } + [nil, nil])
    }

    @Test(arguments: [2, 3, 40, 64, 384, 1000, 3072]) func aVectorIsStoredNearlyExactly(dimensions: Int) throws {
        let format = VectorFormat(dimensions: dimensions)
        #expect(format.vectorsPerPage % VectorFormat.groupSize == 0)
        #expect((format.vectorsPerPage - 1) / format.vectorsPerRow < VectorFormat.rowsPerPage)
        let fake = FakeEmbedder(dimensions: dimensions)
        let centre = fake.vector(of: "centre")
        let query = fake.vector(of: "query")
        let code = VectorQueryCode(query, centre)
        var page = VectorPage(format)
        var exact: [Float] = []
        for number in 0..<11 {
            let vector = fake.vector(of: "vector \(number)")
            let stored = VectorCode(vector, centre)
            page.append(DocumentKey(high: 1, low: 1), position: number, [stored])
            #expect(page.code(of: number, stored.bytes) == stored)
            exact.append(zip(query, vector).reduce(0) { $0 + $1.0 * $1.1 })
            let cosine = try stored.bytes.withUnsafeBufferPointer { try code.cosine($0) }
            #expect(abs(Float(cosine) - exact[number]) < 8e-3)
        }
        #expect(page.runs.count == 1 && page.count == 11 && page.bits.count == 2 * format.bytesPerGroup)
        // The estimates, against their definition.
        let words = page.bits.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
        var estimates = [Float](repeating: 0, count: 16)
        code.estimate(words, count: 2, to: &estimates)
        let square = centre.reduce(0) { $0 + $1 * $1 }
        let base = zip(query, centre).reduce(0) { $0 + $1.0 * $1.1 }
        for number in 0..<11 {
            let differences = zip(fake.vector(of: "vector \(number)"), centre).map { $0 - $1 }
            let factor = differences.reduce(0) { $0 + $1 * $1 } / differences.reduce(0) { $0 + abs($1) }
            let across = zip(query, centre).map { $0 - base / square * $1 }
            let product = zip(across, differences).reduce(0) { $0 + ($1.1 > 0 ? $1.0 : -$1.0) }
            let offset = zip(centre, differences).reduce(0) { $0 + $1.0 * $1.1 } * base / square
            let most = across.reduce(0) { max($0, abs($1)) }
            // A step of the query's four bits, at the most, in each dimension.
            let tolerance = 1e-3 + factor * Float(dimensions).squareRoot() * most / 7.5
            #expect(abs(estimates[number] - (factor * product + offset)) < tolerance)
        }
    }
}
