import Wire

/// A search as clients ask for it.
public struct SearchRequest: Sendable {
    /// The text as typed.
    public var query: String
    public var mode: SearchMode
    public var limit: Int
    /// Passages that score less are left out.
    public var threshold: Double
    public var filter: DocumentFilter
    /// Whether each result tells why it has its score.
    public var explains: Bool

    public init(
        query: String, mode: SearchMode, limit: Int, threshold: Double, filter: DocumentFilter, explains: Bool = false
    ) {
        self.query = query
        self.mode = mode
        self.limit = limit
        self.threshold = threshold
        self.filter = filter
        self.explains = explains
    }
}

/// What a search goes by: words, meaning, or both.
public enum SearchMode: String, JSONWord, Sendable { case hybrid, keyword, semantic }

/// A workspace as search names it.
public struct WorkspaceName: Sendable {
    public var id: Workspace.ID
    public var name: String

    public init(id: Workspace.ID, name: String) {
        self.id = id
        self.name = name
    }
}

/// The results of a search, in one workspace or in several.
public struct SearchAnswer: Sendable {
    public var query: String
    /// The mode that was used.
    public var mode: SearchMode
    public var results: [Result]
    /// Nil for a search in one workspace.
    public var workspaces: [Matches]?
    public var isPartial: Bool
    /// Whether a reranker ordered the results; nil if there is none.
    public var isReranked: Bool?
    public var milliseconds = 0

    public init(query: String, mode: SearchMode, results: [Result], workspaces: [Matches]?, isPartial: Bool) {
        self.query = query
        self.mode = mode
        self.results = results
        self.workspaces = workspaces
        self.isPartial = isPartial
    }

    public struct Result: Sendable {
        public var hit: SearchHit
        public var workspace: WorkspaceName

        public init(hit: SearchHit, workspace: WorkspaceName) {
            self.hit = hit
            self.workspace = workspace
        }
    }

    /// How much of a workspace matches.
    public struct Matches: Sendable {
        public var workspace: WorkspaceName
        /// Passages.
        public var count: Int

        public init(workspace: WorkspaceName, count: Int) {
            self.workspace = workspace
            self.count = count
        }
    }
}

extension SearchAnswer: Shaped {
    public static let shape = Shape<SearchAnswer>(
        "SearchAnswer",
        [
            .field("query") { $0.query },
            .field("mode", "The one that was used. In several workspaces, those without vectors are searched by words.")
            { $0.mode },
            .field(
                "results",
                "Best first. Of equal scores, the newest document first; of documents of the same name, the newer first if it scores at most a fifth less."
            ) { $0.results },
            .field("total", "How many results there are here.") { $0.results.count },
            .optional(
                "workspaces",
                "Of a search in several: where the matches are, most first. Workspaces that the request names, and others that have matches or results."
            ) { $0.workspaces },
            .field(
                "partial",
                "The search took more than the installation allows: these are the best results that it found until then."
            ) { $0.isPartial },
            .optional(
                "reranked",
                "Whether the installation's reranker scored the results. If it did not answer in time, they keep their order; it is asked for `hybrid` only. Absent without a reranker."
            ) { $0.isReranked },
            .field("tookMs", "Whole milliseconds, rounded up.") { $0.milliseconds },
        ])
}

extension SearchAnswer.Matches: Shaped {
    public static let shape = Shape<SearchAnswer.Matches>(
        "WorkspaceMatches",
        [
            .field("id") { $0.workspace.id },
            .field("name", example: "Handbook") { $0.workspace.name },
            .field("count", "How many passages its words find, beyond `limit` and below `threshold`, too.") {
                $0.count
            },
        ])
}

extension SearchAnswer.Result: Shaped {
    public static let shape = Shape<SearchAnswer.Result>(
        "SearchResult",
        [
            .field("chunkId") { $0.hit.passage.id },
            .field("documentId") { $0.hit.passage.documentId },
            .field("documentName") { $0.hit.documentName },
            .field("workspaceId") { $0.workspace.id },
            .field("workspaceName", example: "Handbook") { $0.workspace.name },
            .field("type") { $0.hit.type },
            .field("content") { $0.hit.passage.content },
            .field("highlight", "HTML: hits in `<mark>`, everything else escaped.") { $0.hit.highlight },
            .field("score", "0 to 1, by the statistics of the workspace, or by the reranker if `reranked`.") {
                $0.hit.score
            },
            .field("position") { $0.hit.passage.position },
            .field("metadata") { $0.hit.metadata },
            .optional("duplicates", "Passages that say the same, with the same numbers. They are no results.") {
                $0.hit.duplicates.isEmpty ? nil : $0.hit.duplicates
            },
            .optional("explain", "Why it has its score. Only if the request asks for it.") { $0.hit.explanation },
        ])
}
