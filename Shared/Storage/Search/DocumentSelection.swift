import Models
import Wire

/// The documents of a workspace that a search may return.
public enum DocumentSelection: Sendable {
    /// All that are processed.
    case all
    /// Processed documents; possibly none.
    case only(Set<Document.ID>)

    public var isEmpty: Bool {
        if case .only(let documents) = self { documents.isEmpty } else { false }
    }

    public func contains(_ document: Document.ID) -> Bool {
        if case .only(let documents) = self { documents.contains(document) } else { true }
    }
}

extension DocumentStore {
    /// The share of a search's budget that its filter may use.
    private static let filterShare = 0.4

    /// The processed documents of a workspace that match a filter. If the budget is used up, `budget.isSpent` is true
    /// and these are the matches among the documents read until then.
    ///
    /// SQL compares what has a column. Metadata is compared here, because the engines' JSON functions know neither
    /// dates nor numbers that are written differently.
    public func select(
        _ filter: DocumentFilter, in workspace: Workspace.ID,
        within budget: SearchBudget = SearchBudget(milliseconds: 0)
    ) throws -> DocumentSelection {
        if filter.isEmpty { return .all }
        // Nothing matches an empty list.
        if filter.documentIds?.isEmpty == true || filter.types?.isEmpty == true { return .only([]) }
        let source: SQL = "documents WHERE \(Self.condition(of: filter, in: workspace))"
        budget.begin(until: Self.filterShare)
        var selected: Set<Document.ID> = []
        do {
            try database.limit(by: budget) {
                guard !filter.metadata.isEmpty else {
                    selected = Set(try database.values("SELECT id FROM \(source)", as: Document.ID.self))
                    return
                }
                let matcher = MetadataMatcher(.and(filter.metadata))
                try database.stream("SELECT metadata, id FROM \(source)") { row in
                    let matches = row.bytes { metadata in
                        guard budget.spend(metadata.count) else { return false }
                        return matcher.matches(metadata)
                    }
                    if matches { selected.insert(row.next()) }
                    return true
                }
            }
        } catch  where budget.isOver {
            // Everything found until then counts.
        }
        return .only(selected)
    }

    private static func condition(of filter: DocumentFilter, in workspace: Workspace.ID) -> SQL {
        var condition: SQL = "workspace_id = \(workspace) AND status = 'processed'"
        if let ids = filter.documentIds { condition = "\(condition) AND id IN \(SQL.list(ids))" }
        if let types = filter.types { condition = "\(condition) AND type IN \(SQL.list(types))" }
        if let after = filter.createdAfter { condition = "\(condition) AND created_at > \(after)" }
        if let before = filter.createdBefore { condition = "\(condition) AND created_at < \(before)" }
        return condition
    }

    /// Which metadata the processed documents of a workspace have. If the budget is used up, this covers the documents
    /// read until then.
    public func metadataSummary(of workspace: Workspace.ID, within budget: SearchBudget) throws -> MetadataSummary {
        var counter = MetadataCounter()
        budget.begin(until: 1)
        do {
            try database.limit(by: budget) {
                let source = Self.condition(of: DocumentFilter(), in: workspace)
                try database.stream("SELECT metadata FROM documents WHERE \(source)") { row in
                    row.bytes { metadata in
                        if budget.spend(metadata.count) { counter.add(metadata) }
                    }
                    return true
                }
            }
        } catch  where budget.isOver {
            // Everything counted until then counts.
        }
        return counter.summary(isComplete: !budget.isSpent)
    }
}
