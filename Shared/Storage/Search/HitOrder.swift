import Models

/// The order of hits that have the same score.
enum HitOrder {
    /// Of passages with the same score, puts those of one document in text order. Newer documents stay first.
    static func inTextOrder(_ hits: [SearchHit]) -> [SearchHit] {
        var sorted: [SearchHit] = []
        for hit in hits {
            let place = sorted.lastIndex {
                $0.score != hit.score || $0.passage.documentId != hit.passage.documentId
                    || $0.passage.position.index < hit.passage.position.index
            }
            sorted.insert(hit, at: place.map { $0 + 1 } ?? 0)
        }
        return sorted
    }
}
