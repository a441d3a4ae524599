import Models
import Wire

/// Documents that have the same name are versions of one document: people upload a changed file again.
public struct DocumentVersions {
    /// By name and document, when the text of each was indexed. Only names that several documents have.
    private var times: [String: [Document.ID: Timestamp]] = [:]

    /// The versions among the documents of some hits.
    public init(of hits: [SearchHit]) {
        for hit in hits {
            let time = hit.passage.id.createdAt
            times[hit.documentName, default: [:]][hit.passage.documentId, default: time] = time
        }
        times = times.filter { $0.value.count > 1 }
    }

    /// When this version was indexed; nil if the document has no others.
    public func time(of hit: SearchHit) -> Timestamp? { times[hit.documentName]?[hit.passage.documentId] }

    public func isLatest(_ hit: SearchHit) -> Bool {
        guard let times = times[hit.documentName], let time = times[hit.passage.documentId] else { return true }
        return times.values.allSatisfy { $0 <= time }
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
