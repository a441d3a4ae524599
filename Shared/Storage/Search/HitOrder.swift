import Models

/// The order of hits that have the same score.
enum HitOrder {
    /// Puts those of one document in text order. Newer documents stay first.
    ///
    /// - Parameter hits: with their scores before rounding.
    static func inTextOrder(_ hits: [(score: Double, hit: SearchHit)]) -> [SearchHit] {
        var sorted: [(score: Double, hit: SearchHit)] = []
        for next in hits {
            let place = sorted.lastIndex {
                $0.score != next.score || $0.hit.passage.documentId != next.hit.passage.documentId
                    || $0.hit.passage.position.index < next.hit.passage.position.index
            }
            sorted.insert(next, at: place.map { $0 + 1 } ?? 0)
        }
        return sorted.map(\.hit)
    }
}
