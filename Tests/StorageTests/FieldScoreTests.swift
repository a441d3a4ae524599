import Language
import Models
import Testing

@testable import Storage

/// What each field adds to a score.
@Suite struct FieldScoreTests {
    private let corpus: Corpus
    private let workspace: Workspace.ID

    init() throws {
        corpus = try Corpus()
        workspace = try corpus.addWorkspace()
        try corpus.add(
            [("Paid leave", "Everyone gets thirty days."), (nil, "Paid leave is paid in March.")], named: "Notes",
            to: workspace)
        try corpus.add([("Travel", "Hotels are booked by the office.")], named: "Leave", to: workspace)
        try corpus.add([(nil, "The kitchen is on the second floor.")], named: "House", to: workspace)
        for number in 0..<60 {
            try corpus.add([("Section \(number)", "The leave of year \(number) was paid late.")], to: workspace)
        }
    }

    private func parts(_ text: String) throws -> (hits: [SearchHit], parts: [PerField<Double>]) {
        let query = SearchQuery(parsing: text)
        return try corpus.store.passages.reading(workspace) { index in
            let ranked = try index.ranked(IndexQuery(query.clauses, limit: 100)).best
            return (try ranked.compactMap(index.hit), try index.fieldScores(of: ranked, for: query.clauses))
        }
    }

    @Test(arguments: ["paid leave", "\"paid leave\"", "the leave -travel", "hotels of the office", "section 7 leave"])
    func theyAddUpToTheScore(_ query: String) throws {
        let (hits, parts) = try parts(query)
        #expect(!hits.isEmpty && hits.count == parts.count)
        for (hit, part) in zip(hits, parts) {
            #expect(abs(hit.score - (part.content + part.heading + part.name)) < 1e-3, "\(hit.passage.content)")
        }
    }

    @Test func eachFieldCountsWhereTheWordsAre() throws {
        let (hits, parts) = try parts("paid leave")
        func part(_ content: String) throws -> PerField<Double> {
            parts[try #require(hits.firstIndex { $0.passage.content == content })]
        }
        let heading = try part("Everyone gets thirty days.")
        #expect(heading.heading > 0 && heading.content == 0 && heading.name == 0)
        let content = try part("Paid leave is paid in March.")
        #expect(content.content > 0 && content.heading == 0 && content.name == 0)
        let name = try part("Hotels are booked by the office.")
        #expect(name.name > 0 && name.content == 0 && name.heading == 0)
    }

    @Test func aPassageWithoutTheWordsHasNone() throws {
        let document = try corpus.add([(nil, "Nothing here.")], named: "Other", to: workspace)
        let none = RankedPassage(document: document, position: 0, score: 0)
        let gone = RankedPassage(document: document, position: 9, score: 0)
        let parts = try corpus.store.passages.reading(workspace) {
            try $0.fieldScores(of: [none, gone], for: SearchQuery(parsing: "leave").clauses)
        }
        #expect(parts == [PerField(0, 0, 0), PerField(0, 0, 0)])
    }
}
