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
        var query = PassageIndex.Query()
        query.phrases = [phrase]
        return try corpus.store.documents.passages.search(query, in: workspace).map(\.passage.content)
    }

    @Test func theyAreFoundAsPhrasesOfTheirOwn() throws {
        let variants = ["driving climate change", "the price determining factors"].joined(
            separator: Passage.variantSeparator)
        try corpus.add([([], ["driving", "cli-mate", "change"])], variants: variants, to: workspace)
        #expect(try contents(finding: "climate") == ["driving cli-mate change"])
        #expect(try contents(finding: "driving", "climate", "change").count == 1)
        #expect(try contents(finding: "price", "determining").count == 1)
        // The last word of one and the first of the next are no phrase.
        #expect(try contents(finding: "change", "driving").isEmpty)
        #expect(try contents(finding: "change", "the").isEmpty)
    }

    @Test func theyAreRemovedWithTheirPassage() throws {
        let document = try corpus.add([([], ["cli-mate"])], variants: "climate", to: workspace)
        try corpus.add([([], ["weather"])], to: workspace)
        try corpus.remove(document, from: workspace)
        while try corpus.store.documents.removePassageBatch(of: document) {}
        #expect(try contents(finding: "climate").isEmpty && contents(finding: "weather").count == 1)
        try corpus.store.database.run("INSERT INTO passage_text (passage_text) VALUES ('integrity-check')")
        #expect(try corpus.store.database.value("SELECT words FROM passage_statistics", as: Int.self) == 2)
    }
}
