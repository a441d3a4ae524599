import Language
import Models

/// A query for the index of a workspace.
public struct IndexQuery: Sendable {
    public var clauses: [QueryClause]
    public var limit: Int
    /// Passages that score less are left out.
    public var threshold: Double
    public var documents: DocumentSelection
    /// Whether to count all passages that match, whatever they score. Otherwise those are skipped that cannot be among the best.
    public var countsMatches: Bool

    public init(
        _ clauses: [QueryClause], limit: Int = 10, threshold: Double = 0, documents: DocumentSelection = .all,
        countsMatches: Bool = false
    ) {
        self.clauses = clauses
        self.limit = limit
        self.threshold = threshold
        self.documents = documents
        self.countsMatches = countsMatches
    }
}

/// The parameters of BM25F (Zaragoza et al., TREC-13; Robertson and Zaragoza, 2009).
public struct RankingParameters: Sendable {
    /// How soon more occurrences stop to matter.
    public var k1 = 1.2
    /// How much the length of a field matters, from 0 to 1.
    public var b = PerField(0.6, 0.5, 0.5)
    /// How much an occurrence in a field counts.
    public var weights = PerField(1.0, 2.0, 1.0)
    /// The number of passages that are ranked again with the bonus clauses; more if more are wanted.
    public var reranked = 50

    public init() {}
}

/// A passage that a search found.
public struct RankedPassage: Equatable, Sendable {
    var document: DocumentKey
    /// Its position in the document.
    public var position: Int
    /// 0 to 1.
    public var score: Double

    init(document: DocumentKey, position: Int, score: Double) {
        (self.document, self.position, self.score) = (document, position, score)
    }

    public init(document: Document.ID, position: Int, score: Double) {
        self.init(document: DocumentKey(document), position: position, score: score)
    }

    /// A passage, whatever its score.
    public struct Place: Hashable, Sendable {
        let document: DocumentKey
        let position: Int
    }

    public var place: Place { Place(document: document, position: position) }
    public var documentId: Document.ID { document.id }

    /// Higher scores first, then newer documents, then in the order of the text.
    public func isBetter(than other: RankedPassage) -> Bool {
        if score != other.score { return score > other.score }
        return document == other.document ? position < other.position : document > other.document
    }
}

/// The results of a search, best first.
public struct RankedPassages: Sendable {
    public var best: [RankedPassage] = []
    /// The number of all that match, if it was asked for.
    public var matches: Int?
}
