/// A posting, and where its positions are.
struct PostingLocator {
    var ordinal: UInt32
    var hits: PerField<UInt32>
    /// The place of the positions of its quarter of a window, or of its list, in the segment's stream.
    var quarter: Range<Int>
    /// The number of positions in front of its own there.
    var before: Int

    /// The postings of some passages on a page.
    ///
    /// - Parameters:
    ///   - wanted: the passages, in ascending order.
    ///   - cursor: the first of them that matters; afterwards the first one beyond the page.
    ///   - positions: the place of the page's positions.
    static func locate(
        _ wanted: [UInt32], from cursor: inout Int, in block: PostingBlock, at positions: Range<Int>, of passages: Int
    ) throws(SegmentDamage) -> [PostingLocator] {
        var (found, next, start): ([PostingLocator], Int, Int) = ([], cursor, positions.lowerBound)
        guard block.isDense else {
            try locate(wanted, from: &next, in: block, at: positions, of: passages, to: &found)
            cursor = next
            return found
        }
        let unpacked = WindowHits()
        defer { unpacked.deallocate() }
        try PostingChunk.each(in: block, of: passages) { chunk throws(SegmentDamage) in
            guard next < wanted.count else { return false }
            switch chunk {
            case .list(let list, let size):
                try locate(wanted, from: &next, in: list, at: start..<(start + size), of: passages, to: &found)
                start += size
            case .window(let window):
                while next < wanted.count, wanted[next] < window.start { next += 1 }
                let isWanted = next < wanted.count && wanted[next] < window.start + window.count
                if isWanted { try unpacked.read(window) }
                let sizes = window.positions
                for (quarter, size) in [sizes.0, sizes.1, sizes.2, sizes.3].enumerated() {
                    let range = window.quarter(quarter)
                    var (offset, before) = (range.lowerBound, 0)
                    while next < wanted.count, wanted[next] < window.start + range.upperBound {
                        let own = Int(wanted[next]) - window.start
                        while offset < own {
                            before += unpacked[offset].sum
                            offset += 1
                        }
                        let hits = unpacked[own]
                        if hits.sum > 0 {
                            found.append(
                                PostingLocator(
                                    ordinal: wanted[next], hits: hits, quarter: start..<(start + size), before: before))
                        }
                        next += 1
                    }
                    start += size
                }
            }
            return true
        }
        guard start <= positions.upperBound || !block.hasPositions else { throw SegmentDamage() }
        cursor = next
        return found
    }

    private static func locate(
        _ wanted: [UInt32], from next: inout Int, in list: PostingBlock, at positions: Range<Int>, of passages: Int,
        to found: inout [PostingLocator]
    ) throws(SegmentDamage) {
        var (before, cursor) = (0, next)
        try list.each(of: passages) { ordinal, hits in
            while cursor < wanted.count, wanted[cursor] < ordinal { cursor += 1 }
            guard cursor < wanted.count else { return false }
            if wanted[cursor] == ordinal {
                found.append(PostingLocator(ordinal: ordinal, hits: hits, quarter: positions, before: before))
            }
            before += hits.sum
            return true
        }
        next = cursor
    }
}
