import Models

/// A query for the vectors of a workspace.
public struct VectorQuery: Sendable {
    /// Of length 1, made by the model that made the workspace's vectors.
    public var vector: [Float]
    public var limit: Int
    public var documents: DocumentSelection

    public init(_ vector: [Float], limit: Int = 10, documents: DocumentSelection = .all) {
        (self.vector, self.limit, self.documents) = (vector, limit, documents)
    }
}

/// A passage that a search of vectors found, by the nearest of its vectors.
public struct VectorHit: Equatable, Sendable {
    public let document: Document.ID
    /// The passage's position in its document.
    public let position: Int
    /// −1 to 1.
    public let cosine: Double
    /// 0 to 1: how far the cosine is above that of the query with texts that have nothing in common with it, as a share
    /// of what is possible. Cosines of some models, such as E5's, are never low, so only this compares between models.
    public let similarity: Double
}

/// One search in the vectors of a set.
///
/// All codes of one bit a dimension are compared with the query; the vectors of the best are read and compared exactly.
/// If there are no more vectors than candidates, that is an exact search.
struct VectorSearch {
    /// The fewest candidates, and how many there are for each passage that is wanted. If too many of them are of the same
    /// passages, there are more.
    static let fewestCandidates = 300
    static let candidatesPerHit = 8

    private struct Candidate {
        let estimate: Float
        let page: Int
        let ordinal: Int
    }

    let database: Database
    let set: VectorSet
    let query: VectorQuery
    private let code: VectorQueryCode
    private let isAdmitted: ((DocumentKey) -> Bool)?
    private let budget: SearchBudget

    /// - Parameters:
    ///   - query: with a vector that fits the set.
    ///   - hidden: the documents whose vectors do not count.
    init(
        _ database: Database, _ set: VectorSet, _ query: VectorQuery, hidden: Set<DocumentKey>,
        within budget: SearchBudget
    ) {
        (self.database, self.set, self.query, self.budget) = (database, set, query, budget)
        code = VectorQueryCode(query.vector, set.centre)
        switch query.documents {
        case .all: isAdmitted = hidden.isEmpty ? nil : { !hidden.contains($0) }
        case .only(let documents):
            let keys = Set(documents.map { DocumentKey($0) }).subtracting(hidden)
            isAdmitted = { keys.contains($0) }
        }
    }

    /// The best passages, best first.
    func run() throws -> [VectorHit] {
        guard query.limit > 0, !query.documents.isEmpty else { return [] }
        budget.begin(until: 1)
        let (usual, most) = (query.limit * Self.candidatesPerHit, query.limit * PassageParts.most)
        let wanted = max(Self.fewestCandidates, usual)
        let found = try candidates(wanted)
        let hits = try hits(exact(found))
        if hits.count >= query.limit || found.count < wanted || wanted >= most || budget.isOver { return hits }
        return try self.hits(exact(candidates(most)))
    }

    // MARK: Candidates

    private func candidates(_ wanted: Int) throws -> [Candidate] {
        var found: [Candidate] = []
        found.reserveCapacity(4 * wanted)
        var least = -Float.infinity
        let format = set.format
        let estimates = UnsafeMutablePointer<Float>.allocate(capacity: format.vectorsPerPage + VectorFormat.groupSize)
        defer { estimates.deallocate() }
        try database.stream(
            """
            SELECT id, vectors, removed, runs, bits FROM vector_pages
            WHERE workspace_id = \(set.workspace) AND set_number = \(set.number)
            """
        ) { row in
            let (page, count, removed): (Int, Int, Int) = (row.next(), row.next(), row.next())
            guard count > 0, count <= format.vectorsPerPage else { throw VectorDamage() }
            let ranges = try row.bytes { try admitted($0, count, removed) }
            guard !ranges.isEmpty else { return true }
            try row.bytes { try estimate($0, count, to: estimates) }
            for range in ranges {
                for ordinal in range where estimates[ordinal] > least {
                    found.append(Candidate(estimate: estimates[ordinal], page: page, ordinal: ordinal))
                }
            }
            if found.count >= 4 * wanted { least = Self.keepBest(wanted, of: &found) }
            return budget.spend(count)
        }
        if found.count > wanted { _ = Self.keepBest(wanted, of: &found) }
        return found
    }

    /// The ordinals of a page that count.
    private func admitted(
        _ runs: UnsafeBufferPointer<UInt8>, _ count: Int, _ removed: Int
    ) throws -> [Range<Int>] {
        if removed == 0, isAdmitted == nil { return [0..<count] }
        if removed == count { return [] }
        var ranges: [Range<Int>] = []
        try VectorPage.eachRun(runs, of: count) { ordinal, run in
            guard run.document != VectorPage.Run.removed, isAdmitted?(run.document) ?? true else { return }
            ranges.append(ordinal..<(ordinal + run.count))
        }
        return ranges
    }

    private func estimate(
        _ bits: UnsafeBufferPointer<UInt8>, _ count: Int, to estimates: UnsafeMutablePointer<Float>
    ) throws {
        guard bits.count == VectorPage.bytes(of: count, set.format), let start = bits.baseAddress else {
            throw VectorDamage()
        }
        let groups = bits.count / set.format.bytesPerGroup
        let address = UnsafeRawPointer(start)
        if Int(bitPattern: address) % MemoryLayout<UInt64>.alignment == 0 {
            code.estimate(address.assumingMemoryBound(to: UInt64.self), count: groups, to: estimates)
            return
        }
        // An engine's memory is aligned only by chance.
        let words = UnsafeMutableRawBufferPointer.allocate(byteCount: bits.count, alignment: 8)
        defer { words.deallocate() }
        words.copyMemory(from: UnsafeRawBufferPointer(bits))
        if let base = words.baseAddress {
            code.estimate(base.assumingMemoryBound(to: UInt64.self), count: groups, to: estimates)
        }
    }

    /// Keeps the best, in any order, and returns the least estimate that others must exceed.
    private static func keepBest(_ count: Int, of found: inout [Candidate]) -> Float {
        var estimates = found.map(\.estimate)
        let least = nthGreatest(count, of: &estimates)
        // Of those that are equal to it, as many as there is room for.
        var room = count - found.count { $0.estimate > least }
        found.removeAll { candidate in
            if candidate.estimate != least { return candidate.estimate < least }
            room -= 1
            return room < 0
        }
        return least
    }

    /// The nth greatest of at least n numbers, which get another order (Hoare's selection).
    private static func nthGreatest(_ n: Int, of numbers: inout [Float]) -> Float {
        var (low, high) = (0, numbers.count - 1)
        while low < high {
            let pivot = numbers[(low + high) / 2]
            var (left, right) = (low, high)
            while left <= right {
                while numbers[left] > pivot { left += 1 }
                while numbers[right] < pivot { right -= 1 }
                guard left <= right else { break }
                numbers.swapAt(left, right)
                left += 1
                right -= 1
            }
            if n - 1 <= right { high = right } else if n - 1 >= left { low = left } else { break }
        }
        return numbers[n - 1]
    }

    // MARK: Ranking

    private struct Ranked {
        let candidate: Candidate
        let cosine: Double
    }

    /// The best candidates by their vectors.
    private func exact(_ candidates: [Candidate]) throws -> [Ranked] {
        let format = set.format
        let sorted = candidates.sorted { ($0.page, $0.ordinal) < ($1.page, $1.ordinal) }
        var ranked: [Ranked] = []
        ranked.reserveCapacity(sorted.count)
        var index = 0
        while index < sorted.count {
            let row = format.row(of: sorted[index].ordinal, page: sorted[index].page)
            var end = index + 1
            while end < sorted.count, format.row(of: sorted[end].ordinal, page: sorted[end].page) == row { end += 1 }
            let own = sorted[index..<end]
            let isThere: Bool? = try database.first("SELECT data FROM vector_values WHERE id = \(row)") { columns in
                try columns.bytes { bytes in
                    for candidate in own {
                        let cosine = try code.cosine(format.bytes(of: candidate.ordinal, in: bytes))
                        ranked.append(Ranked(candidate: candidate, cosine: cosine))
                    }
                    return true
                }
            }
            if isThere == nil { throw VectorDamage() }
            index = end
        }
        ranked.sort {
            $0.cosine != $1.cosine
                ? $0.cosine > $1.cosine
                : ($0.candidate.page, $0.candidate.ordinal) < ($1.candidate.page, $1.candidate.ordinal)
        }
        return ranked
    }

    /// The passages that they are of, each by its best vector.
    private func hits(_ ranked: [Ranked]) throws -> [VectorHit] {
        var pages: [Int: (runs: [VectorPage.Run], starts: PassageStarts)] = [:]
        var seen: Set<[Int]> = []
        var hits: [VectorHit] = []
        for found in ranked where hits.count < query.limit {
            let (page, ordinal) = (found.candidate.page, found.candidate.ordinal)
            let (runs, starts) = try pages[page] ?? contents(of: page)
            pages[page] = (runs, starts)
            var first = 0
            guard
                let run = runs.first(where: { run in
                    first += run.count
                    return ordinal < first
                })
            else { throw VectorDamage() }
            first -= run.count
            let passage = starts.passage(around: ordinal, in: first..<(first + run.count))
            guard seen.insert([page, passage.lowerBound]).inserted else { continue }
            let position = run.position + starts.count(in: first..<passage.lowerBound)
            hits.append(
                VectorHit(
                    document: run.document.id, position: position, cosine: found.cosine,
                    similarity: code.similarity(found.cosine)))
        }
        return hits
    }

    private func contents(of page: Int) throws -> (runs: [VectorPage.Run], starts: PassageStarts) {
        let found = try database.first("SELECT vectors, runs, starts FROM vector_pages WHERE id = \(page)") { row in
            let count: Int = row.next()
            let runs = try row.bytes { try VectorPage.runs($0, of: count) }
            return (runs: runs, starts: try PassageStarts(row.blob(), of: count))
        }
        guard let found else { throw VectorDamage() }
        return found
    }
}
