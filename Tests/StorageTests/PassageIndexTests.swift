import Foundation
import Language
import Models
import TestSupport
import Testing

@testable import Storage

/// The index in a database: what it finds is what scoring every passage finds, whatever was added, removed, renamed and
/// merged.
@Suite(.serialized) struct PassageIndexTests {
    private static let vocabulary: [String] = "bdgklm".flatMap { first in
        "bdfgklmnpr".map { second in "\(first)o\(second)a" }
    }

    private static func words(_ count: Int, _ numbers: inout Numbers) -> String {
        (0..<count).map { _ in vocabulary[numbers.rank(below: vocabulary.count)] }.joined(separator: " ")
    }

    private static func passages(_ numbers: inout Numbers) -> [(heading: String?, content: String)] {
        (0..<Int.random(in: 1...20, using: &numbers)).map { _ in
            let heading = words(Int.random(in: 0...2, using: &numbers), &numbers)
            return (
                heading: heading.isEmpty ? nil : heading,
                content: words(Int.random(in: 1...60, using: &numbers), &numbers)
            )
        }
    }

    private static func term(_ numbers: inout Numbers) -> QueryClause.Term {
        .init(bytes: Array(words(1, &numbers).utf8))
    }

    private static func query(_ numbers: inout Numbers, _ documents: [Document.ID]) -> IndexQuery {
        var query = IndexQuery([])
        for _ in 0..<Int.random(in: 1...5, using: &numbers) {
            query.clauses.append(QueryClause(.should, [[term(&numbers)]]))
        }
        let phrase = (0..<Int.random(in: 1...3, using: &numbers)).map { _ in [term(&numbers)] }
        switch Int.random(in: 0..<8, using: &numbers) {
        case 0: query.clauses.append(QueryClause(.must, phrase))
        case 1: query.clauses.append(QueryClause(.mustNot, phrase))
        case 2: query.clauses.append(QueryClause(.should, phrase))
        case 3: query.clauses.append(QueryClause(.bonus, phrase, boost: 0.2))
        case 4:
            query.documents = .only(Set((0..<3).compactMap { _ in documents.randomElement(using: &numbers) }))
        default: break
        }
        query.limit = [1, 3, 10, 50, 500].randomElement(using: &numbers) ?? 10
        query.threshold = [0, 0, 0.2, 0.5].randomElement(using: &numbers) ?? 0
        query.countsMatches = Bool.random(using: &numbers)
        return query
    }

    /// Some random work in a workspace.
    private static func change(_ corpus: Corpus, _ workspace: Workspace.ID, _ numbers: inout Numbers) throws {
        let documents = corpus.documents[workspace] ?? []
        switch Int.random(in: 0..<10, using: &numbers) {
        case 0..<6:
            try corpus.add(passages(&numbers), named: "\(words(1, &numbers)).txt", to: workspace)
        case 6, 7:
            if let document = documents.randomElement(using: &numbers) { try corpus.remove(document, from: workspace) }
        case 8:
            if let document = documents.randomElement(using: &numbers) {
                let isPrepared = Bool.random(using: &numbers)
                try corpus.rename(document, to: words(2, &numbers), in: workspace, isPrepared: isPrepared)
                if !isPrepared { while try corpus.store.indexNext(at: .now()) {} }
            }
        default: _ = try corpus.store.mergeSegments(at: .now())
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func resultsAreThoseOfScoringAll(seed: UInt64) throws {
        let corpus = try Corpus()
        var numbers = Numbers(state: seed)
        for _ in 0..<2 { _ = try corpus.addWorkspace() }
        for step in 0..<60 {
            let workspace = corpus.workspaces[Int.random(in: 0..<2, using: &numbers)]
            try Self.change(corpus, workspace, &numbers)
            for _ in 0..<4 {
                let query = Self.query(&numbers, corpus.documents[workspace] ?? [])
                #expect(try corpus.agrees(query, in: workspace), "step \(step): \(query)")
            }
        }
        for workspace in corpus.workspaces { #expect(try corpus.store.passages.check(workspace) == []) }
        try corpus.runJobs()
        for workspace in corpus.workspaces {
            #expect(try corpus.store.passages.check(workspace) == [])
            for _ in 0..<20 {
                let query = Self.query(&numbers, corpus.documents[workspace] ?? [])
                #expect(try corpus.agrees(query, in: workspace), "\(query)")
            }
        }
    }

    /// SQLite's own index is a second opinion on which passages match.
    @Test(.disabled(if: TestDatabase.isOnServer)) func theSamePassagesMatchAsInFTS5() throws {
        let corpus = try Corpus()
        var numbers = Numbers(state: 21)
        let workspace = try corpus.addWorkspace()
        for _ in 0..<40 { try Self.change(corpus, workspace, &numbers) }
        let database = corpus.store.database
        try database.script("CREATE VIRTUAL TABLE temp.oracle USING fts5 (heading, content, name)")
        try database.run(
            """
            INSERT INTO temp.oracle SELECT coalesce(p.heading, ''), p.content, d.name
            FROM passages p JOIN documents d ON d.id = p.document_id
            """)
        for _ in 0..<100 {
            var query = Self.query(&numbers, [])
            (query.documents, query.countsMatches) = (.all, true)
            func text(_ occurrence: QueryClause.Occurrence) -> [String] {
                query.clauses.filter { $0.occurrence == occurrence }.map { clause in
                    let words = clause.words.map { String(decoding: $0[0].bytes, as: UTF8.self) }
                    return "\"\(words.joined(separator: " "))\""
                }
            }
            var expression = (text(.must).isEmpty ? text(.should) : text(.must)).joined(separator: " OR ")
            if let excluded = text(.mustNot).first { expression = "(\(expression)) NOT \(excluded)" }
            let expected: Int? = try database.value("SELECT count(*) FROM temp.oracle WHERE oracle MATCH \(expression)")
            #expect(try corpus.found(query, in: workspace).matches == expected, "\(expression)")
        }
    }

    /// Otherwise scores would reveal which words other people's documents contain.
    @Test func whatOthersHaveChangesNoScore() throws {
        let corpus = try Corpus()
        let (own, other) = (try corpus.addWorkspace(), try corpus.addWorkspace())
        try corpus.add([(nil, "merger plan"), (nil, "picnic plan"), (nil, "picnic list")], to: own)
        let query = IndexQuery(["merger", "picnic"].map { QueryClause(.should, [[.init(bytes: Array($0.utf8))]]) })
        let before = try corpus.store.passages.search(query, in: own).hits.map(\.score)
        for word in ["merger", "picnic", "merger"] {
            try corpus.add([(nil, String(repeating: "\(word) ", count: 200) + "plan")], to: other)
        }
        #expect(try corpus.store.passages.search(query, in: own).hits.map(\.score) == before)
        #expect(before.count == 3)
    }

    @Test func mergesKeepFewSegments() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        var numbers = Numbers(state: 7)
        for _ in 0..<70 {
            try corpus.add(Self.passages(&numbers), to: workspace)
            try corpus.runJobs()
        }
        let segments = try corpus.store.passages.store.segments(of: workspace)
        #expect(segments.map(\.level).sorted() == [0, 0, 0, 0, 0, 0, 2])
        #expect(try corpus.store.passages.check(workspace) == [])
        // Renaming many leaves old copies, which go when they are a quarter.
        for document in corpus.documents[workspace] ?? [] {
            try corpus.rename(document, to: "other", in: workspace)
            try corpus.runJobs()
        }
        #expect(try corpus.store.passages.store.removals(in: workspace).removals.count < 70)
        #expect(try corpus.store.passages.check(workspace) == [])
        let query = IndexQuery([QueryClause(.must, [[.init(bytes: Array("other".utf8))]])], countsMatches: true)
        #expect(try corpus.agrees(query, in: workspace))
    }

    @Test func nothingIsLeftOfARemovedWorkspace() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        var numbers = Numbers(state: 7)
        for _ in 0..<20 { try corpus.add(Self.passages(&numbers), to: workspace) }
        try corpus.remove(corpus.documents[workspace]?.first ?? .new(), from: workspace)
        try corpus.store.removeWorkspace(workspace) {}
        while try corpus.store.purgeBatch(at: .now()) {}
        try corpus.runJobs()
        for table: SQL in ["index_segments", "index_pages", "index_removals", "index_counters", "passages", "jobs"] {
            let own: SQL = table.pieces == ("jobs" as SQL).pieces ? "kind IN ('merge', 'purge')" : "TRUE"
            #expect(try corpus.store.database.value("SELECT count(*) FROM \(table) WHERE \(own)", as: Int.self) == 0)
        }
    }

    /// A merge that ends after a document was removed or renamed must not bring it back.
    @Test func removalsDuringAMergeStay() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        var numbers = Numbers(state: 3)
        for _ in 0..<8 { try corpus.add(Self.passages(&numbers), to: workspace) }
        let index = corpus.store.passages.store
        let before = try index.segments(of: workspace)
        let documents = corpus.documents[workspace] ?? []
        try corpus.rename(documents[2], to: "later", in: workspace)
        try corpus.remove(documents[5], from: workspace)
        // What a merge that began before would write.
        var pages: [SegmentPage] = []
        let header = try SegmentMerge(before.map { .init(reader: $0.reader, dropped: nil) }).run { pages.append($0) }
        let database = corpus.store.database
        try database.write {
            for part in before {
                try database.run("DELETE FROM index_segments WHERE segment = \(part.segment)")
                try database.run("DELETE FROM index_pages WHERE segment = \(part.segment)")
            }
            let segment = try index.takeNumber(in: workspace)
            try index.insert(header, pages, segment, before[7].number, level: 1, isSmall: false, in: workspace)
        }
        for _ in 0..<20 {
            #expect(try corpus.agrees(Self.query(&numbers, corpus.documents[workspace] ?? []), in: workspace))
        }
        #expect(try corpus.store.passages.check(workspace) == [])
    }

    /// Earlier versions accepted files without text.
    @Test(.disabled(if: TestDatabase.isOnServer)) func documentsWithoutPassagesDoNotKeepTheOldIndex() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        let document = try corpus.add([(nil, "dova")], to: workspace)
        let database = corpus.store.database
        try database.write {
            try database.run("DELETE FROM passages")
            try database.run("UPDATE documents SET index_from = NULL")
            try corpus.store.jobs.enqueueOnce(.index, document.text, in: workspace.text)
        }
        #expect(try OldIndex(database: database).has(workspace))
        try corpus.runJobs()
        #expect(try !OldIndex(database: database).has(workspace))
        #expect(try !database.exists("SELECT 1 FROM sqlite_schema WHERE name = 'passage_text'"))
    }

    @Test func damagedKeysOfPagesAreErrors() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        // So common that its postings have pages of their own, among so many that the header does not carry them.
        try corpus.add((0..<3000).map { (nil, "dova rare w\($0)a w\($0)b w\($0)c") }, to: workspace)
        let query = IndexQuery([QueryClause(.should, [[.init(bytes: Array("dova".utf8))]])])
        #expect(try corpus.store.passages.search(query, in: workspace).hits.count == 10)
        for part in [-5000, Int.min, Int.max] {
            _ = try corpus.store.database.write {
                try corpus.store.database.run(
                    "UPDATE index_pages SET part = \(part) WHERE kind = 1 AND term = \(Array("dova".utf8))")
            }
            #expect(throws: APIError.self) { try corpus.store.passages.search(query, in: workspace) }
        }
    }

    @Test func theBudgetCutsSearchesShort() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        var numbers = Numbers(state: 3)
        try corpus.add((0..<3000).map { _ in (nil, Self.words(100, &numbers)) }, to: workspace)
        let query = IndexQuery((0..<40).map { _ in QueryClause(.should, [[Self.term(&numbers)]]) })
        let budget = SearchBudget(milliseconds: 1)
        // Uses it up, in work that does not count.
        #expect(try corpus.store.passages.check(workspace) == [])
        _ = try corpus.store.passages.search(query, in: workspace, within: budget)
        #expect(budget.isSpent)
    }
}
