import Foundation
import Language
import Models
import Wire

@testable import Storage

/// A store with random passages from a small vocabulary, and the expected results of a search, computed by scoring
/// every passage.
final class Corpus {
    struct Entry {
        let id: Passage.ID
        let workspace: Workspace.ID
        let document: Document.ID
        let heading: [String]
        let content: [String]

        /// How often the words occur consecutively, in the content and in the heading.
        func hits(_ phrase: [String]) -> (content: Int, heading: Int) {
            func count(_ words: [String]) -> Int {
                guard words.count >= phrase.count else { return 0 }
                return (0...(words.count - phrase.count)).count { Array(words[$0..<($0 + phrase.count)]) == phrase }
            }
            return (count(content), count(heading))
        }

        func has(_ phrase: [String]) -> Bool { hits(phrase) != (0, 0) }
    }

    let store: Store
    private(set) var entries: [Entry] = []
    private(set) var workspaces: [Workspace.ID] = []
    private let folder: URL
    private let owner: User
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        store = try Store(directory: folder.path)
        guard let email = EmailAddress("owner@example.com") else { throw APIError.notFound("Address") }
        owner = try store.users.create(email: email, name: "Owner", passwordHash: "*", role: .user, at: now)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func addWorkspace() throws -> Workspace.ID {
        let made = try store.workspaces.create(
            name: "Space", description: "", settings: WorkspaceSettings(), owner: owner.id, at: now)
        workspaces.append(made.id)
        return made.id
    }

    /// Adds one document whose passages have these words.
    ///
    /// - Parameter variants: other readings of words in each passage. `expected` does not know them.
    @discardableResult
    func add(
        _ passages: [(heading: [String], content: [String])], variants: String? = nil, to workspace: Workspace.ID
    ) throws -> Document.ID {
        let sha256 = UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
        let document = Document(
            id: .new(at: now), workspaceId: workspace, name: "Words", type: .text, mimeType: "text/plain", size: 1,
            sha256: sha256 + sha256, status: .processed, error: nil, chunkCount: passages.count, wordCount: 0,
            metadata: RawJSON(.object([:])), uploadedBy: owner.id, createdAt: now, updatedAt: now)
        let made = passages.enumerated().map { index, words in
            Passage(
                id: .new(at: now), documentId: document.id,
                position: .init(
                    index: index, start: 0, end: 1, page: nil,
                    heading: words.heading.isEmpty ? nil : words.heading.joined(separator: " ")),
                content: words.content.joined(separator: " "), variants: variants)
        }
        try store.write {
            _ = try store.documents.begin(document, at: .now())
            try store.documents.add(made, to: document)
        }
        for (passage, words) in zip(made, passages) {
            entries.append(
                Entry(
                    id: passage.id, workspace: workspace, document: document.id,
                    heading: words.heading.map(Stemmer.stem),
                    content: words.content.map(Stemmer.stem)))
        }
        return document.id
    }

    func remove(_ document: Document.ID, from workspace: Workspace.ID) throws {
        try store.removeDocument(document, from: workspace) {}
        entries.removeAll { $0.document == document }
    }

    /// The expected results: scores every passage and skips none.
    func expected(_ query: PassageIndex.Query, in workspace: Workspace.ID) -> [(id: Passage.ID, score: Double)] {
        let required = query.phrases.map { $0.map(Stemmer.stem) }
        let wanted = required + query.terms.map { [Stemmer.stem($0)] }
        let excluded = query.excluded.map { $0.map(Stemmer.stem) }
        func length(_ entry: Entry) -> Double { Double(entry.content.count + entry.heading.count + 1) }
        let own = entries.filter { $0.workspace == workspace }
        let average = own.reduce(0) { $0 + length($1) } / Double(own.count)
        let weights = wanted.map { phrase in
            let count = Double(own.count { $0.has(phrase) })
            return 2.2 * log(1 + (Double(own.count) - count + 0.5) / (count + 0.5))
        }
        let bound = weights.reduce(0, +)
        let found = entries.filter { entry in
            entry.workspace == workspace && wanted.contains(where: entry.has) && required.allSatisfy(entry.has)
                && !excluded.contains(where: entry.has)
                && query.documents.contains(entry.document)
        }
        let scored = found.enumerated().map { order, entry in
            let norm = 1.2 * (1 - 0.75 + 0.75 * length(entry) / average)
            let sum = zip(wanted, weights).reduce(0.0) { sum, pair in
                let hits = entry.hits(pair.0)
                let frequency = Double(hits.content) + 2 * Double(hits.heading)
                return sum + pair.1 * frequency / (frequency + norm)
            }
            return (order: order, id: entry.id, document: entry.document, score: min(1, sum / bound))
        }
        let best = scored.filter { $0.score >= query.threshold }
            .sorted { ($1.score, $1.order) < ($0.score, $0.order) }.prefix(query.limit)
        // Those of one document are next to each other, because documents are added one after the other.
        let groups = best.reduce(into: [[(order: Int, id: Passage.ID, document: Document.ID, score: Double)]]()) {
            if let last = $0.last?.last, last.score == $1.score, last.document == $1.document {
                $0[$0.count - 1].append($1)
            } else {
                $0.append([$1])
            }
        }
        return groups.flatMap { $0.reversed() }.map { ($0.id, $0.score) }
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
