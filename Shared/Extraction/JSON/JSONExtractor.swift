/// Reads JSON as lines of `path: value`, such as `server.port: 80`.
///
/// Values that belong together share a line, so that answers can quote a record: the scalars of an array, as in
/// `tags: red, blue`, and the members of an object in an array, as in `users: name: Ann; age: 30`. Sentences in arrays
/// get a line each, because answers quote single sentences. Lines have no indices: `[1].price` would look like a
/// citation, and every number would be indexed as a word.
///
/// A file can also hold several objects or arrays, as in JSON Lines. What is not quite JSON is read leniently, and what
/// is not JSON at all as text, so that nothing of it is lost.
enum JSONExtractor {
    static func extract(_ bytes: [UInt8]) -> ExtractedText {
        flattened(bytes, asSequence: false) ?? flattened(bytes, asSequence: true)
            ?? flattened(bytes, asSequence: false, isLenient: true) ?? linesInPart(bytes)
            ?? PlainTextExtractor.extract(bytes)
    }

    /// The text of a file that is JSON from beginning to end; nil if it is not.
    private static func flattened(_ bytes: [UInt8], asSequence: Bool, isLenient: Bool = false) -> ExtractedText? {
        var flattener = JSONFlattener(limit: TableRow.textLimit(of: bytes.count))
        var scanner = JSONScanner(bytes, isLenient: isLenient)
        do throws(JSONScanner.Failure) {
            if asSequence {
                try scanner.scanSequence { flattener.handle($0) }
            } else {
                try scanner.scanDocument { flattener.handle($0) }
            }
            return flattener.builder.finish()
        } catch {
            return nil
        }
    }

    /// Reads JSON Lines of which some are damaged; these become text. Nil if most lines are no JSON.
    private static func linesInPart(_ bytes: [UInt8]) -> ExtractedText? {
        var flattener = JSONFlattener(limit: TableRow.textLimit(of: bytes.count))
        var (good, bad, start) = (0, 0, 0)
        flattener.handle(.open)
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            var line = TextBytes.trim(bytes, start..<end)
            start = end + 1
            if line.isEmpty { continue }
            // A list of which the end is missing.
            let whole = line
            if bytes[line.upperBound - 1] == UInt8(ascii: ",") { line = line.lowerBound..<line.upperBound - 1 }
            if isContainer(bytes, in: line) {
                var scanner = JSONScanner(bytes, in: line, isLenient: true)
                flattener.handle(.element)
                try? scanner.scanDocument { flattener.handle($0) }
                good += 1
            } else {
                flattener.addText(bytes[whole])
                bad += 1
            }
        }
        return good > 0 && good >= bad ? flattener.builder.finish() : nil
    }

    private static func isContainer(_ bytes: [UInt8], in line: Range<Int>) -> Bool {
        var scanner = JSONScanner(bytes, in: line, isLenient: true)
        guard scanner.startsContainer else { return false }
        do throws(JSONScanner.Failure) {
            try scanner.scanDocument { _ in }
            return true
        } catch {
            return false
        }
    }
}

/// Converts the scanner's events to lines.
private struct JSONFlattener {
    /// The maximum length of a path in bytes. Longer ones are cut at the beginning, because the end says more.
    private static let maximumPath = 200
    /// The maximum length of a joined line in bytes, not counting its path.
    private static let maximumLine = 400
    /// Longer members get a separate line.
    private static let maximumMember = 200

    private struct Container {
        /// The length of its path.
        let path: Int
        /// The length of the path of its record, which is the innermost array element that is not a scalar; the length
        /// of its own path if it is a record itself.
        let record: Int?
        let isRecord: Bool
    }

    private(set) var builder = TextBuilder()
    private let limit: Int
    private var containers: [Container] = []
    /// The member names that lead to the next value.
    private var path: [UInt8] = []
    /// Whether the next value is an array element.
    private var isElement = false
    /// Scalars that will share a line.
    private var list = PlainList()
    /// The members of the current record.
    private var line: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    mutating func handle(_ event: JSONScanner.Event) {
        switch event {
        case .element: isElement = true
        case .key(let key): enter(TextBytes.prefix(key, upTo: Self.maximumPath))
        case .value(let value) where isElement: addElement(value)
        case .value(let value): addMember(value)
        case .open: open()
        case .close: close()
        case .comment(let text): addText(text)
        }
    }

    /// Adds text that is not a value, on its own line.
    mutating func addText(_ text: some Sequence<UInt8>) {
        finishList()
        finishLine()
        builder.append(.tableRow, Array(text))
    }

    private mutating func enter(_ key: some Sequence<UInt8>) {
        let start = containers.last?.path ?? 0
        path.removeLast(path.count - start)
        if start > 0 { path.append(UInt8(ascii: ".")) }
        path.append(contentsOf: key)
    }

    private mutating func open() {
        finishList()
        if isElement { finishLine() }
        containers.append(
            Container(path: path.count, record: isElement ? path.count : containers.last?.record, isRecord: isElement))
        isElement = false
    }

    private mutating func close() {
        finishList()
        if let container = containers.last {
            path.removeLast(path.count - container.path)
            if container.isRecord { finishLine() }
        }
        containers.removeLast()
        isElement = false
    }

    private mutating func addElement(_ value: [UInt8]) {
        if list.take(value) { return }
        finishList()
        if !list.take(value) { addMember(value) }
    }

    private mutating func finishList() {
        if let value = list.finish() { addMember(value) }
    }

    private mutating func addMember(_ value: [UInt8]) {
        let record = containers.last?.record
        let member = Self.named(shownPath((record ?? 0)..<path.count), value)
        guard record != nil else { return builder.append(.tableRow, member) }
        let isLong = value.count > Self.maximumMember
        if isLong || line.count + member.count > Self.maximumLine { finishLine() }
        if !line.isEmpty { line.append(contentsOf: "; ".utf8) }
        line.append(contentsOf: member)
        if isLong { finishLine() }
    }

    private mutating func finishLine() {
        guard !line.isEmpty, let record = containers.last?.record else { return }
        builder.append(.tableRow, Self.named(builder.count > limit ? [] : shownPath(0..<record), line))
        line.removeAll(keepingCapacity: true)
    }

    private static func named(_ path: ArraySlice<UInt8>, _ value: [UInt8]) -> [UInt8] {
        let name = path.drop { $0 == UInt8(ascii: ".") }
        if name.isEmpty { return value }
        return name + (value.isEmpty ? ":" : ": ").utf8 + value
    }

    /// Long paths are cut at the beginning. If the text has grown far beyond its source, only the last step is written,
    /// because paths repeat on every line.
    private func shownPath(_ range: Range<Int>) -> ArraySlice<UInt8> {
        let isCrowded = builder.count > limit
        if range.count <= Self.maximumPath, !isCrowded { return path[range] }
        let steps = containers.lazy.map(\.path).filter { $0 >= range.lowerBound && $0 < range.upperBound }
        let last = steps.last ?? range.lowerBound
        let start = isCrowded ? last : steps.first { range.upperBound - $0 <= Self.maximumPath } ?? last
        return path[start..<range.upperBound]
    }
}

/// Adjacent scalars of an array that will share a line.
private struct PlainList {
    private static let maximumValue = 60
    private static let maximumSize = 200

    private var values: [[UInt8]] = []
    private var size = 0

    /// Adds a value and returns true, unless the line is full, or the value is a sentence or contains separators.
    mutating func take(_ value: [UInt8]) -> Bool {
        guard value.count <= Self.maximumValue, size + value.count <= Self.maximumSize, Self.isPlain(value)
        else { return false }
        values.append(Array(value[TextBytes.trim(value, 0..<value.count)]))
        size += value.count + 2
        return true
    }

    /// Returns the joined values; nil if there are none. Empty values keep their position, because the meaning of
    /// others may depend on it.
    mutating func finish() -> [UInt8]? {
        guard !values.isEmpty else { return nil }
        while values.count > 1, values.last?.isEmpty == true { values.removeLast() }
        let joined = Array(values.joined(separator: ", ".utf8))
        values.removeAll(keepingCapacity: true)
        size = 0
        return joined
    }

    private static func isPlain(_ value: [UInt8]) -> Bool {
        if let last = value.last, ".!?".utf8.contains(last) { return false }
        return !value.contains { ",;\n\r\t".utf8.contains($0) } && !Self.hasFullStop(value)
    }

    /// Whether there is a Chinese or Japanese full stop, at the end or before: 。！？
    private static func hasFullStop(_ value: [UInt8]) -> Bool {
        value.indices.dropLast(2).contains { index in
            let mark = value[index...index + 2]
            return mark.elementsEqual([0xE3, 0x80, 0x82]) || mark.elementsEqual([0xEF, 0xBC, 0x81])
                || mark.elementsEqual([0xEF, 0xBC, 0x9F])
        }
    }
}
