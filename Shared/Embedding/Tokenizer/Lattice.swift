/// The Viterbi search for the best way to cut a text into pieces, in a window that moves along the text.
///
/// Where no piece crosses a position, every way goes through it: the ids before it are final and leave the window.
/// Usually that is every word. A text without such a position (`aaaa…`) is cut when the window is full.
final class Lattice {
    /// The longest piece that this can handle, in bytes.
    static let longestPiece = 255

    private let vocabulary: Vocabulary
    private var capacity: Int
    private var bytes: UnsafeMutableBufferPointer<UInt8>
    /// Of each position: the best sum of scores, and the length and id of the last piece of that way. Sums are doubles,
    /// as in Hugging Face's tokenizers: floats would choose between nearly equal ways by what precedes them.
    private var sums: UnsafeMutableBufferPointer<Double>
    private var lengths: UnsafeMutableBufferPointer<UInt8>
    private var ids: UnsafeMutableBufferPointer<UInt32>
    /// Bytes in the window.
    private var count = 0
    /// All pieces that start before this position are in the lattice.
    private var position = 0
    /// The furthest end of a piece that starts before `position`.
    private var reach = 0
    /// The last position that no piece crosses.
    private var cut = 0

    private static let smallest = 2 * ByteRun.slack
    private static let usual = 8192
    private static let largest = 65_536

    /// - Parameter size: of the text, in bytes; a hint.
    init(_ vocabulary: Vocabulary, expecting size: Int) {
        self.vocabulary = vocabulary
        capacity = min(Self.usual, Self.smallest + size + size / 2)
        bytes = .allocate(capacity: capacity)
        sums = .allocate(capacity: capacity + 1)
        lengths = .allocate(capacity: capacity + 1)
        ids = .allocate(capacity: capacity + 1)
        sums[0] = 0
    }

    deinit {
        bytes.deallocate()
        sums.deallocate()
        lengths.deallocate()
        ids.deallocate()
    }

    /// The length of the UTF-8 form of a scalar by its first byte; 1 for a byte that is none.
    @inline(__always)
    static func scalarLength(_ lead: UInt8) -> Int {
        lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1
    }

    /// Lets `write` append to the window. Returns what it returns.
    func fill(_ write: (inout ByteRun) -> Bool) -> Bool {
        var run = ByteRun(bytes, count: count)
        let result = write(&run)
        for place in count..<run.count { sums[place + 1] = -.infinity }
        count = run.count
        return result
    }

    /// Appends the ids that are final, at most `limit`, to `result`, and makes room in the window.
    /// - Parameter isLast: whether the text ends here.
    func search(isLast: Bool, limit: Int, into result: inout [UInt32]) {
        extend(to: isLast ? count : count - vocabulary.longestPiece)
        if isLast {
            cut = count
        } else if cut == 0 {
            if capacity < Self.largest { return grow() }
            cut = position
            for place in position + 1..<count + 1 { sums[place] = -.infinity }
            reach = position
        }
        emit(limit: limit, into: &result)
        move()
    }

    /// Enters all pieces that start before `end`.
    private func extend(to end: Int) {
        let bytes = UnsafeBufferPointer(bytes), sums = sums, lengths = lengths, ids = ids
        let longest = vocabulary.longestPiece
        var position = position, reach = reach, cut = cut
        while position < end {
            if reach <= position { cut = position }
            let sum = sums[position]
            let rest = UnsafeBufferPointer(rebasing: bytes[position..<min(position + longest, count)])
            vocabulary.prefixes(of: rest) { length, id, score in
                let next = position + length
                if next > reach { reach = next }
                let candidate = sum + Double(score)
                if candidate > sums[next] {
                    sums[next] = candidate
                    lengths[next] = UInt8(truncatingIfNeeded: length)
                    ids[next] = id
                }
            }
            let length = min(Self.scalarLength(bytes[position]), count - position)
            let next = position + length
            if next > reach { reach = next }
            let candidate = sum + Double(vocabulary.unknownScore)
            if candidate > sums[next] {
                sums[next] = candidate
                lengths[next] = UInt8(truncatingIfNeeded: length)
                ids[next] = vocabulary.unknown
            }
            position = next
        }
        (self.position, self.reach, self.cut) = (position, reach, cut)
    }

    /// Appends the ids of the best way from the start of the window to `cut`. Unknown scalars in a row are one id, as in
    /// SentencePiece.
    private func emit(limit: Int, into result: inout [UInt32]) {
        let first = result.count
        var place = cut
        while place > 0 {
            result.append(ids[place])
            place -= max(1, Int(lengths[place]))
        }
        result[first...].reverse()
        var end = first
        for index in first..<result.count
        where result[index] != vocabulary.unknown || end == 0 || result[end - 1] != vocabulary.unknown {
            result[end] = result[index]
            end += 1
        }
        result.removeLast(result.count - end)
        if result.count - first > limit { result.removeLast(result.count - first - limit) }
    }

    /// Makes `cut` the start of the window.
    private func move() {
        let kept = count - cut
        bytes.baseAddress?.update(from: bytes.baseAddress.unsafelyUnwrapped + cut, count: kept)
        sums.baseAddress?.update(from: sums.baseAddress.unsafelyUnwrapped + cut, count: kept + 1)
        lengths.baseAddress?.update(from: lengths.baseAddress.unsafelyUnwrapped + cut, count: kept + 1)
        ids.baseAddress?.update(from: ids.baseAddress.unsafelyUnwrapped + cut, count: kept + 1)
        (count, position, reach, cut) = (kept, position - cut, reach - cut, 0)
    }

    private func grow() {
        let larger = min(Self.largest, capacity * 2)
        bytes = Self.grown(bytes, to: larger)
        sums = Self.grown(sums, to: larger + 1)
        lengths = Self.grown(lengths, to: larger + 1)
        ids = Self.grown(ids, to: larger + 1)
        capacity = larger
    }

    private static func grown<Element: BitwiseCopyable>(
        _ memory: UnsafeMutableBufferPointer<Element>, to capacity: Int
    ) -> UnsafeMutableBufferPointer<Element> {
        let larger = UnsafeMutableBufferPointer<Element>.allocate(capacity: capacity)
        larger.baseAddress?.update(from: memory.baseAddress.unsafelyUnwrapped, count: memory.count)
        memory.deallocate()
        return larger
    }
}
