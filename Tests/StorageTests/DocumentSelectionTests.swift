import Language
import Models
import Testing
import Wire

@testable import Storage

/// Which documents of a workspace a filter selects.
@Suite struct DocumentSelectionTests {
    private let corpus: Corpus
    private let workspace: Workspace.ID
    private let ids: [Document.ID]

    init() throws {
        corpus = try Corpus()
        workspace = try corpus.addWorkspace()
        ids = try [#"{"n": 1}"#, #"{"n": 2, "at": "2024-05-01"}"#, "{}"].map { [corpus, workspace] metadata in
            let id = try corpus.add([(nil, "alpha")], to: workspace)
            var document = try corpus.store.documents.get(id, in: workspace)
            document.metadata = RawJSON(stored: metadata)
            try corpus.store.documents.save(document)
            return id
        }
    }

    private func select(_ change: (inout DocumentFilter) throws -> Void) throws -> [Int]? {
        var filter = DocumentFilter()
        try change(&filter)
        guard case .only(let selected) = try corpus.store.documents.select(filter, in: workspace) else { return nil }
        return ids.indices.filter { selected.contains(ids[$0]) }
    }

    private func metadata(_ text: String) throws -> MetadataFilter {
        try MetadataFilter(parsing: try #require(JSONReader.parse(text).object))
    }

    @Test func withoutConditionsAllAreSelected() throws {
        #expect(try select { _ in } == nil)
        #expect(try select { $0.metadata = [try metadata("{}")] } == [0, 1, 2])
    }

    @Test func anEmptyListMatchesNothing() throws {
        #expect(try select { $0.documentIds = [] } == [] && select { $0.types = [] } == [])
    }

    @Test func conditionsCombine() throws {
        #expect(try select { $0.documentIds = [ids[0], ids[2]] } == [0, 2])
        #expect(try select { $0.types = [.text] } == [0, 1, 2] && select { $0.types = [.pdf] } == [])
        #expect(try select { $0.metadata = [try metadata(#"{"type": "gte", "key": "n", "value": 1.5}"#)] } == [1])
        #expect(try select { $0.metadata = [try metadata(#"{"at": "2024-05-01T00:00:00Z"}"#)] } == [1])
        let both = try select {
            $0.metadata = [try metadata(#"{"type": "ne", "key": "n", "value": 2}"#)]
            $0.documentIds = [ids[1], ids[2]]
        }
        #expect(both == [2])
    }

    @Test func onlyDocumentsOfTheWorkspaceAreSelected() throws {
        let other = try corpus.add([(nil, "alpha")], to: try corpus.addWorkspace())
        #expect(try select { $0.documentIds = [other] } == [])
    }

    @Test func searchReturnsOnlySelectedDocuments() throws {
        var query = IndexQuery([QueryClause(.should, [[.init(bytes: Array("alpha".utf8))]])])
        for selected in [Set(ids), [ids[1]], []] {
            query.documents = .only(selected)
            let found = try corpus.store.passages.search(query, in: workspace).hits
            #expect(Set(found.map(\.passage.documentId)) == selected)
        }
    }
}
