/// Where an entry of a table was found, and to which group of the table it belongs. Group 0: none was found.
struct Affix {
    var range: Range<Int>
    var group: Int

    var start: Int { range.lowerBound }
    var end: Int { range.upperBound }
    var isFound: Bool { group > 0 }
}

/// Endings, or beginnings, of words in numbered groups, each of which a rule treats alike. It finds the longest in one
/// pass over the letters.
///
/// Tables are constants of the stemmers, so their memory is never freed.
struct AffixTable: @unchecked Sendable {
    /// A node of a tree of letters. The children of a node are linked by `next`.
    private struct Node {
        var letter: UInt32
        var child: UInt16 = 0
        var next: UInt16 = 0
        var group: UInt8 = 0
    }

    /// Node 0 stands for "none".
    private let nodes: UnsafePointer<Node>
    /// The first nodes, as lists by the last six bits of the letter.
    private let roots: UnsafePointer<UInt16>
    let isEmpty: Bool

    /// - Parameter groups: The endings of each group, separated by spaces. The first group has number 1.
    init(endings groups: StaticString...) { self.init(groups, isReversed: true) }

    /// As `init(endings:)`, for the beginnings of words.
    init(beginnings groups: StaticString...) { self.init(groups, isReversed: false) }

    private init(_ groups: [StaticString], isReversed: Bool) {
        var tree = Tree()
        var entry: [UInt32] = []
        for (index, group) in groups.enumerated() {
            group.eachScalar { scalar in
                guard scalar == 0x20 || scalar == 0x0A else { return entry.append(scalar) }
                tree.add(entry, isReversed: isReversed, group: UInt8(index + 1))
                entry.removeAll(keepingCapacity: true)
            }
            tree.add(entry, isReversed: isReversed, group: UInt8(index + 1))
            entry.removeAll(keepingCapacity: true)
        }
        isEmpty = tree.nodes.count == 1
        nodes = Self.constant(tree.nodes)
        roots = Self.constant(tree.roots)
    }

    private static func constant<Element>(_ array: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: array.count)
        memory.initialize(from: array, count: array.count)
        return UnsafePointer(memory)
    }

    private struct Tree {
        var nodes = [Node(letter: 0)]
        var roots = [UInt16](repeating: 0, count: 64)

        mutating func add(_ letters: [UInt32], isReversed: Bool, group: UInt8) {
            guard let first = isReversed ? letters.last : letters.first else { return }
            var root = roots[Int(first & 63)]
            var node = child(first, in: &root)
            roots[Int(first & 63)] = root
            for index in letters.indices.dropFirst() {
                var list = nodes[node].child
                let next = child(letters[isReversed ? letters.count - 1 - index : index], in: &list)
                nodes[node].child = list
                node = next
            }
            nodes[node].group = group
        }

        /// The node of a letter in a list, to which it is added if it is new.
        private mutating func child(_ letter: UInt32, in list: inout UInt16) -> Int {
            var node = Int(list)
            while node > 0, nodes[node].letter != letter { node = Int(nodes[node].next) }
            if node > 0 { return node }
            nodes.append(Node(letter: letter, next: list))
            list = UInt16(nodes.count - 1)
            return nodes.count - 1
        }
    }

    /// The longest entry along the letters that `letter` returns for 0, 1, 2 …
    @inline(__always)
    func longest(_ letter: (Int) -> UInt32?) -> (length: Int, group: Int) {
        var best = (length: 0, group: 0)
        guard var wanted = letter(0) else { return best }
        var length = 0
        var node = Int(roots[Int(wanted & 63)])
        while true {
            while node > 0, nodes[node].letter != wanted { node = Int(nodes[node].next) }
            guard node > 0 else { return best }
            length += 1
            if nodes[node].group > 0 { best = (length, Int(nodes[node].group)) }
            node = Int(nodes[node].child)
            guard node > 0, let next = letter(length) else { return best }
            wanted = next
        }
    }
}

/// A set of letters of one alphabet.
struct LetterSet: Sendable {
    private let first: UInt32
    private var bits: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)

    /// - Parameter letters: Letters less than 320 scalars from one another.
    init(_ letters: StaticString) {
        var values: [UInt32] = []
        letters.eachScalar { values.append($0) }
        first = (values.min() ?? 0) & ~63
        for value in values where value - first < 384 {
            let bit = UInt64(1) << UInt64(value & 63)
            switch (value - first) >> 6 {
            case 0: bits.0 |= bit
            case 1: bits.1 |= bit
            case 2: bits.2 |= bit
            case 3: bits.3 |= bit
            case 4: bits.4 |= bit
            default: bits.5 |= bit
            }
        }
    }

    func contains(_ letter: Unicode.Scalar) -> Bool {
        let offset = letter.value &- first
        let word =
            switch offset >> 6 {
            case 0: bits.0
            case 1: bits.1
            case 2: bits.2
            case 3: bits.3
            case 4: bits.4
            case 5: bits.5
            default: UInt64(0)
            }
        return word & (1 << UInt64(offset & 63)) != 0
    }
}

extension StaticString {
    /// Calls `body` with every scalar. A cold search reads tables of some hundred, each of which takes longer as a
    /// `String`.
    func eachScalar(_ body: (UInt32) -> Void) {
        let bytes = UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
        var index = 0
        while index < bytes.count {
            let (scalar, length) = UTF8Scan.scalar(in: bytes, at: index)
            body(scalar.value)
            index += length
        }
    }
}
