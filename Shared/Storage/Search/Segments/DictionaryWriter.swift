/// Packs the entries of a dictionary into pages, which it passes on as they fill up.
///
/// A page begins with the prefix codes that suit it. Each entry then has, in codes: how many bytes it shares with the
/// term before, how many it adds, and these; a head (`DictionaryHead`); the parameter of its list. The rest of it is
/// bits that need no code.
struct DictionaryWriter {
    /// Where the postings of an entry are.
    enum Postings {
        /// In the dictionary, with their positions, which are varints.
        case tiny([UInt8], positions: [UInt8])
        /// In the dictionary, and so many bytes of positions in the segment's stream.
        case inline([UInt8], positionBytes: Int)
        case external(positionBytes: Int)
    }

    private struct Entry {
        var shared: Int
        /// Where the rest of the term is in `letters`, and what needs no code in `body`.
        var letters: Range<Int>
        var body: Range<Int>
        var head: Int
        var parameter: Int?
        var isRestart: Bool
        /// The bytes of the segment's positions before its own.
        var positions: Int
    }

    private let width: Int
    private var entries: [Entry] = []
    private var firstTerm: [UInt8] = []
    private var lastTerm: [UInt8] = []
    private var letters: [UInt8] = []
    private var body = BitWriter()
    private var list = PostingBits.List()
    private let codes = DictionaryCodes<PrefixEncoder>(
        shared: .init(size: 16), rest: .init(size: 16), letters: .init(size: 256),
        heads: .init(size: DictionaryHead.size), parameters: .init(size: 64))
    /// The number of symbols to be coded, and what one takes, in bits. Measured when a page seems to be full.
    private var symbols = 0
    private var symbolBits = 6.0
    /// Whether the codes suit what was counted.
    private var isBuilt = false
    /// The size of the lengths that are too long for a symbol, in bits.
    private var lengthBits = 0
    private var restarts = 0
    /// The size of `body` at the last restart.
    private var restartBody = 0
    private var sinceRestart = 0

    /// - Parameter passages: the number of the segment's passages.
    init(passages: Int) { width = DictionaryHead.width(of: passages) }

    mutating func add(
        _ term: [UInt8], passages: Int, _ kind: PositionKind, _ postings: Postings, positionsBefore: Int,
        to sink: (SegmentPage) throws -> Void
    ) throws {
        let start = body.count
        var head = DictionaryHead(passages: passages, kind: kind)
        var parameter: Int?
        body.write(UInt32(passages) & (1 << UInt32(head.bucket - 1) - 1), head.bucket - 1)
        switch postings {
        case .tiny(let bytes, let positions):
            head.form = .tiny
            parameter = addList(bytes, passages, to: &head)
            addPositions(positions)
        case .inline(let bytes, let positionBytes):
            if kind != .none { body.gamma(positionBytes - passages) }
            parameter = addList(bytes, passages, to: &head)
        case .external(let positionBytes):
            head.form = .external
            if kind != .none { body.gamma(positionBytes - passages) }
        }
        let size = body.count - start
        if !entries.isEmpty, isFull(with: term) { try flush(before: start, to: sink) }
        append(term, head.symbol, parameter, (body.count - size)..<body.count, positionsBefore)
    }

    private mutating func addList(_ bytes: [UInt8], _ passages: Int, to head: inout DictionaryHead) -> Int? {
        list.read(bytes, count: passages)
        head.shape = list.shape
        list.write(to: &body, width: width)
        guard passages > 1 else { return nil }
        return list.parameter - head.expectedParameter(width) + DictionaryHead.parameterOffset
    }

    private mutating func addPositions(_ positions: [UInt8]) {
        positions.withUnsafeBufferPointer { positions in
            var reader = PackedReader(positions)
            while !reader.isAtEnd {
                body.rice(UInt32(truncatingIfNeeded: reader.varint()), DictionaryHead.positionParameter)
            }
        }
    }

    private mutating func append(
        _ term: [UInt8], _ head: Int, _ parameter: Int?, _ own: Range<Int>, _ positionsBefore: Int
    ) {
        var shared = 0
        let isRestart =
            entries.isEmpty || sinceRestart == SegmentFormat.entriesPerRestart
            || own.upperBound - restartBody > SegmentFormat.bitsPerRestart
        if entries.isEmpty { firstTerm = term }
        if isRestart {
            (restarts, sinceRestart, restartBody) = (restarts + 1, 0, own.lowerBound)
        } else {
            while shared < min(term.count, lastTerm.count), term[shared] == lastTerm[shared] { shared += 1 }
        }
        sinceRestart += 1
        isBuilt = false
        let start = letters.count
        letters.append(contentsOf: term[shared...])
        for letter in letters[start...] { codes.letters.count(Int(letter)) }
        lengthBits += Self.size(ofLength: shared) + Self.size(ofLength: term.count - shared)
        codes.shared.count(min(shared, 15))
        codes.rest.count(min(term.count - shared, 15))
        codes.heads.count(head)
        if let parameter { codes.parameters.count(parameter) }
        symbols += letters.count - start + (parameter == nil ? 3 : 4)
        entries.append(
            Entry(
                shared: shared, letters: start..<letters.count, body: own, head: head, parameter: parameter,
                isRestart: isRestart, positions: positionsBefore))
        lastTerm.removeAll(keepingCapacity: true)
        lastTerm.append(contentsOf: term)
    }

    /// Whether a page can have another entry, whose bits are in `body` already.
    private mutating func isFull(with term: [UInt8]) -> Bool {
        if restarts == 255 { return true }
        let limit = 8 * (SegmentFormat.pageBytes - firstTerm.count)
        // Another restart, and what else a page and an entry may have.
        let fixed = body.count + lengthBits + 8 * (restarts + 1) * SegmentFormat.restartBytes + 200
        func estimate() -> Int { fixed + Int(Double(symbols + term.count + 4) * symbolBits) }
        guard estimate() > limit else { return false }
        let exact = codes.build()
        isBuilt = true
        symbolBits = Double(exact) / Double(max(1, symbols))
        return estimate() > limit
    }

    /// Writes a page.
    ///
    /// - Parameter end: of the page's bits in `body`; those after it are kept.
    private mutating func flush(before end: Int, to sink: (SegmentPage) throws -> Void) throws {
        guard let first = entries.first else { return }
        var page = BitWriter()
        var places = PackedWriter()
        let positionWidth = Self.bytes(of: (entries.last?.positions ?? 0) - first.positions)
        if !isBuilt { _ = codes.build() }
        page.write(UInt32(width), 5)
        page.gamma(first.positions)
        codes.each { $0.writeCode(to: &page) }
        body.withBytes { body in
            for entry in entries {
                if entry.isRestart {
                    places.fixed(UInt64(page.count), width: 2)
                    places.fixed(UInt64(entry.positions - first.positions), width: positionWidth)
                }
                codes.shared.write(min(entry.shared, 15), to: &page)
                if entry.shared >= 15 { page.gamma(entry.shared - 15) }
                codes.rest.write(min(entry.letters.count, 15), to: &page)
                if entry.letters.count >= 15 { page.gamma(entry.letters.count - 15) }
                for letter in letters[entry.letters] { codes.letters.write(Int(letter), to: &page) }
                codes.heads.write(entry.head, to: &page)
                if let parameter = entry.parameter { codes.parameters.write(parameter, to: &page) }
                page.append(entry.body, of: body)
            }
        }
        let padding = 7 - (page.count + 7) % 8
        places.byte(UInt8(padding << 4 | positionWidth))
        places.byte(UInt8(truncatingIfNeeded: restarts))
        try sink(SegmentPage(kind: .dictionary, term: firstTerm, data: page.withBytes { Array($0) } + places.bytes))
        keep(end..<body.count)
    }

    /// Begins the next page.
    private mutating func keep(_ rest: Range<Int>) {
        var kept = BitWriter()
        body.withBytes { kept.append(rest, of: $0) }
        body = kept
        entries.removeAll(keepingCapacity: true)
        letters.removeAll(keepingCapacity: true)
        (symbols, lengthBits, restarts, restartBody, sinceRestart) = (0, 0, 0, 0, 0)
        codes.removeAll()
    }

    private static func size(ofLength length: Int) -> Int {
        length < 15 ? 0 : BitWriter.size(ofGamma: length - 15)
    }

    private static func bytes(of value: Int) -> Int { (64 - max(1, value).leadingZeroBitCount + 7) / 8 }

    /// Writes what is left.
    mutating func finish(to sink: (SegmentPage) throws -> Void) throws { try flush(before: body.count, to: sink) }
}

/// What an entry says of its list, in one symbol.
struct DictionaryHead {
    enum Form: Int {
        case inline = 0
        case external = 1
        case tiny = 2
    }

    /// The number of bits of the number of passages; the bits after the first follow.
    let bucket: Int
    let kind: PositionKind
    var form = Form.inline
    var shape = PostingBits.Shape.plain

    static let size = 32 << 6
    /// Of the Rice codes of positions beside the list. They suit passages of some hundred words.
    static let positionParameter = 6
    /// The parameter of a list is stored as its difference from the usual one, plus this.
    static let parameterOffset = 32

    init(passages: Int, kind: PositionKind) {
        (bucket, self.kind) = (64 - passages.leadingZeroBitCount, kind)
    }

    /// Nil for a symbol that no head has.
    init?(symbol: Int) {
        guard let kind = PositionKind(rawValue: UInt8(symbol & 3)), let form = Form(rawValue: symbol >> 2 & 3),
            let shape = PostingBits.Shape(rawValue: symbol >> 4 & 3), symbol >> 6 > 0
        else { return nil }
        (bucket, self.kind, self.form, self.shape) = (symbol >> 6, kind, form, shape)
    }

    var symbol: Int { bucket << 6 | shape.rawValue << 4 | form.rawValue << 2 | Int(kind.rawValue) }

    /// The size of an ordinal in bits.
    static func width(of passages: Int) -> Int { passages > 1 ? 64 - (passages - 1).leadingZeroBitCount : 0 }

    /// The parameter of a list whose passages are spread evenly.
    func expectedParameter(_ width: Int) -> Int { max(0, width - bucket) }
}

/// The prefix codes of a page.
struct DictionaryCodes<Code> {
    var shared, rest, letters, heads, parameters: Code
}

extension DictionaryCodes<PrefixEncoder> {
    func each(_ body: (PrefixEncoder) -> Void) {
        for code in [shared, rest, letters, heads, parameters] { body(code) }
    }

    /// - Returns: the number of bits of all that was counted, codes included.
    func build() -> Int {
        shared.build() + rest.build() + letters.build() + heads.build() + parameters.build()
    }

    func removeAll() {
        shared.removeAll()
        rest.removeAll()
        letters.removeAll()
        heads.removeAll()
        parameters.removeAll()
    }
}

extension DictionaryCodes<PrefixDecoder> {
    init(_ reader: inout BitReader) {
        shared = PrefixDecoder(&reader, size: 16)
        rest = PrefixDecoder(&reader, size: 16)
        letters = PrefixDecoder(&reader, size: 256)
        heads = PrefixDecoder(&reader, size: DictionaryHead.size)
        parameters = PrefixDecoder(&reader, size: 64)
    }

    func deallocate() {
        shared.deallocate()
        rest.deallocate()
        letters.deallocate()
        heads.deallocate()
        parameters.deallocate()
    }
}
