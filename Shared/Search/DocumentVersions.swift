import Models
import Storage
import Wire

/// Documents that have the same name are versions of one document: people upload a changed file again.
public struct DocumentVersions {
    /// By name and document, when the text of each was indexed. Only names that several documents have.
    private var times: [String: [Document.ID: Timestamp]] = [:]

    /// The versions among the documents of some hits.
    init(of hits: [SearchHit]) {
        for hit in hits {
            let time = hit.passage.id.createdAt
            times[hit.documentName, default: [:]][hit.passage.documentId, default: time] = time
        }
        times = times.filter { $0.value.count > 1 }
    }

    /// The versions of some hits' documents, and for each the newest document of that name, even if it is not among them.
    public init(of hits: [SearchHit], among documents: DocumentStore, in workspace: Workspace.ID) throws {
        let names = Set(hits.map(\.documentName))
        guard !names.isEmpty else { return }
        for newest in try documents.newest(named: names.sorted(), in: workspace) {
            times[newest.name] = [newest.document: newest.indexedAt]
        }
        for hit in hits where times[hit.documentName]?[hit.passage.documentId] == nil {
            times[hit.documentName]?[hit.passage.documentId] = hit.passage.id.createdAt
        }
    }

    /// When this version was indexed; nil if the document has no others.
    func time(of hit: SearchHit) -> Timestamp? { times[hit.documentName]?[hit.passage.documentId] }

    /// When this version and the newest were indexed; nil if the document has no others.
    public func times(of hit: SearchHit) -> (indexed: Timestamp, newest: Timestamp)? {
        guard let versions = times[hit.documentName], let time = versions[hit.passage.documentId] else { return nil }
        return (time, versions.values.max() ?? time)
    }

    /// How much better the passage of an older version must be to stay in front of one of a newer version.
    private static let advantage = 0.8

    /// Moves passages of newer versions in front of those of older ones that score about the same. The rest keeps its
    /// order.
    func newestFirst(_ hits: [SearchHit]) -> [SearchHit] {
        guard !times.isEmpty else { return hits }
        var sorted: [SearchHit] = []
        for hit in hits {
            let place = sorted.firstIndex { isNewer(hit, than: $0) && hit.score >= Self.advantage * $0.score }
            sorted.insert(hit, at: place ?? sorted.count)
        }
        return sorted
    }

    private func isNewer(_ hit: SearchHit, than other: SearchHit) -> Bool {
        guard hit.documentName == other.documentName, let time = time(of: hit), let earlier = self.time(of: other)
        else { return false }
        return time > earlier
    }
}
