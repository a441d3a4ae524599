import Language
import Testing

@testable import Storage

/// Phrases of terms that have a position for each hit.
@Suite struct PhraseTests {
    private static func field(_ length: Int, _ numbers: inout Numbers) -> [IndexModel.Occurrence] {
        (0..<length).map { .init(term: [97 + UInt8(numbers.rank(below: 20))], position: $0) }
    }

    private static func entries(longest: Int, _ numbers: inout Numbers) -> [IndexModel.Entry] {
        (0..<1500).map { index in
            let length = index == 700 ? longest : Int.random(in: 1...40, using: &numbers)
            let fields = [field(length, &numbers), field(index % 9 == 0 ? 4 : 0, &numbers), []]
            return IndexModel.Entry(
                document: DocumentKey(high: UInt64(1 + index / 50), low: 0), position: index % 50, fields: fields,
                lengths: fields.map(\.count))
        }
    }

    /// In passages of a usual length, in a long one, and in one that has positions of two bytes and more.
    @Test(arguments: [40, 900, 6000]) func theyAreThoseOfTheDefinition(longest: Int) throws {
        var numbers = Numbers(state: UInt64(longest))
        let model = IndexModel(entries: Self.entries(longest: longest, &numbers))
        let segments = [try SearchedSegment(SegmentReader(try IndexModel.segment(model.entries)))]
        for length in [2, 2, 2, 3, 4] {
            let words = (0..<length).map { _ in
                [QueryClause.Term(bytes: [97 + UInt8(numbers.rank(below: 20))])]
            }
            var query = IndexQuery([QueryClause(.must, words, boost: 1)], limit: 100, countsMatches: true)
            query.clauses.append(QueryClause(.bonus, Array(words.prefix(2)), boost: 0.2))
            let budget = SearchBudget(milliseconds: 0)
            let found = try IndexSearch(segments, query, .init(), within: budget).run()
            #expect(IndexModel.agree(found, model.search(query, .init())), "\(words)")
        }
    }
}
