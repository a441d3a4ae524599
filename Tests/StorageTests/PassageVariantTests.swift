import Language
import Models
import Testing

@testable import Storage

/// Other readings of words are in the index but not in the passage.
@Suite struct PassageVariantTests {
    private let corpus: Corpus
    private let workspace: Workspace.ID

    init() throws {
        corpus = try Corpus()
        workspace = try corpus.addWorkspace()
    }

    private func contents(finding phrase: String...) throws -> [String] {
        let query = IndexQuery([QueryClause(.must, phrase.map { [.init(bytes: Array($0.utf8))] })])
        return try corpus.store.passages.search(query, in: workspace).hits.map(\.passage.content)
    }

    @Test func theyAreFoundAsPhrasesOfTheirOwn() throws {
        let variants = ["driving climate change", "the price determining factors"].joined(
            separator: Passage.variantSeparator)
        try corpus.add([(nil, "driving cli-mate change")], variants: variants, to: workspace)
        #expect(try contents(finding: "climate") == ["driving cli-mate change"])
        #expect(try contents(finding: "driving", "climate", "change").count == 1)
        #expect(try contents(finding: "price", "determining").count == 1)
        // The last word of one and the first of the next are no phrase.
        #expect(try contents(finding: "change", "driving").isEmpty)
        #expect(try contents(finding: "change", "the").isEmpty)
    }

    @Test func theyAreRemovedWithTheirPassage() throws {
        let document = try corpus.add([(nil, "cli-mate")], variants: "climate", to: workspace)
        try corpus.add([(nil, "weather")], to: workspace)
        try corpus.remove(document, from: workspace)
        #expect(try contents(finding: "climate").isEmpty && contents(finding: "weather").count == 1)
    }
}
