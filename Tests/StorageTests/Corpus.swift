import Foundation
import Language
import Models
import TestSupport
import Wire

@testable import Storage

/// A store with random passages, and a model of its index that knows only the analyser.
final class Corpus {
    let store: Store
    private(set) var workspaces: [Workspace.ID] = []
    /// For each workspace what its index should have.
    private(set) var models: [Workspace.ID: IndexModel] = [:]
    private(set) var documents: [Workspace.ID: [Document.ID]] = [:]
    private let folder: URL
    private let owner: User
    /// Documents have the order in which they were added.
    private var added = 0
    let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        store = try .forTests(in: folder.path)
        guard let email = EmailAddress("owner@example.com") else { throw APIError.notFound("Address") }
        owner = try store.users.create(email: email, name: "Owner", passwordHash: "*", role: .user, at: now)
    }

    deinit {
        TestDatabase.drop(for: folder.path)
        try? FileManager.default.removeItem(at: folder)
    }

    func addWorkspace() throws -> Workspace.ID {
        let made = try store.workspaces.create(
            name: "Space", description: "", settings: WorkspaceSettings(), owner: owner.id, at: now)
        workspaces.append(made.id)
        models[made.id] = IndexModel()
        documents[made.id] = []
        return made.id
    }

    /// Adds a document with these passages.
    @discardableResult
    func add(
        _ passages: [(heading: String?, content: String)], named name: String = "Words", variants: String? = nil,
        to workspace: Workspace.ID
    ) throws -> Document.ID {
        let sha256 = UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
        added += 1
        let document = Document(
            id: .new(at: now + added), workspaceId: workspace, name: name, type: .text, mimeType: "text/plain", size: 1,
            sha256: sha256 + sha256, status: .processed, error: nil, chunkCount: passages.count, wordCount: 0,
            metadata: RawJSON(.object([:])), uploadedBy: owner.id, createdAt: now, updatedAt: now)
        let made = passages.enumerated().map { index, text in
            Passage(
                id: .new(at: now), documentId: document.id,
                position: .init(index: index, start: 0, end: 1, heading: text.heading),
                content: text.content, variants: variants)
        }
        let prepared = try DocumentAnalysis(name: name, language: nil, texts: made.map(\.content)).prepare(made)
        try store.write {
            _ = try store.documents.begin(document, at: .now())
            try store.documents.add(prepared, to: document)
        }
        models[workspace]?.entries += made.map { Self.entry($0, name) }
        documents[workspace]?.append(document.id)
        return document.id
    }

    /// What the analyser makes of a passage.
    private static func entry(_ passage: Passage, _ name: String) -> IndexModel.Entry {
        var lengths: [Int] = []
        let fields = [passage.content, passage.position.heading ?? "", name].map { text in
            var analyzer = Analyzer([])
            var (found, text): ([IndexModel.Occurrence], String) = ([], text)
            lengths.append(
                text.withUTF8 {
                    analyzer.terms(of: $0) { term, occurrence in
                        let position = occurrence.kind == .stem ? nil : occurrence.position
                        found.append(.init(term: Array(term), position: position))
                    }
                })
            return found
        }
        return .init(
            document: DocumentKey(passage.documentId), position: passage.position.index, fields: fields,
            lengths: lengths)
    }

    func remove(_ document: Document.ID, from workspace: Workspace.ID) throws {
        try store.removeDocument(document, from: workspace) {}
        models[workspace]?.entries.removeAll { $0.document == DocumentKey(document) }
        documents[workspace]?.removeAll { $0 == document }
    }

    /// Renames a document.
    ///
    /// - Parameter isPrepared: whether the write indexes it again; if not, a job has to.
    func rename(
        _ document: Document.ID, to name: String, in workspace: Workspace.ID, isPrepared: Bool = true
    ) throws {
        guard var found = try store.documents.find(document, in: workspace) else { throw APIError.notFound("Document") }
        let prepared = isPrepared ? try store.documents.prepareRename(of: document, in: workspace, to: name) : nil
        found.name = name
        try store.documents.save(found, prepared)
        let passages: [Passage] = try store.database.all(
            from: "passages p WHERE p.document_id = \(document) ORDER BY p.position")
        models[workspace]?.entries.removeAll { $0.document == DocumentKey(document) }
        models[workspace]?.entries += passages.map { Self.entry($0, name) }
    }

    /// Runs all waiting jobs of the index.
    func runJobs() throws {
        while try store.indexNext(at: .now()) {}
        while try store.mergeSegments(at: .now()) {}
    }

    /// What the index finds, before passages are read.
    func found(_ query: IndexQuery, in workspace: Workspace.ID) throws -> RankedPassages {
        try IndexSearch(
            store.passages.store.searched(in: workspace), query, PassageIndex.parameters,
            within: SearchBudget(milliseconds: 0)
        ).run()
    }

    func agrees(_ query: IndexQuery, in workspace: Workspace.ID) throws -> Bool {
        guard let model = models[workspace] else { return false }
        return IndexModel.agree(try found(query, in: workspace), model.search(query, PassageIndex.parameters))
    }
}

/// Pseudorandom numbers, the same in every run (SplitMix64).
struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Small numbers are frequent and large ones rare, like words in a text.
    mutating func rank(below limit: Int) -> Int {
        min(limit - 1, Int(pow(Double(limit), Double.random(in: 0..<1, using: &self))) - 1)
    }
}
