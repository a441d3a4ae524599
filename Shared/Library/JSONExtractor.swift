/// Reads JSON as lines of `path: value`, such as `users[0].name: Ann`.
enum JSONExtractor {
    static func extract(_ bytes: [UInt8]) throws(LibraryError) -> ExtractedText {
        var flattener = JSONFlattener(limit: TableRow.textLimit(of: bytes.count))
        do throws(JSONScanner.Failure) {
            var scanner = JSONScanner(bytes)
            try scanner.scanDocument { flattener.handle($0) }
        } catch {
            let place = "\(error.reason) at byte \(error.offset)"
            throw .unreadable("The file is not valid JSON: \(place).")
        }
        return flattener.builder.finish()
    }
}

/// Turns the events of a scan into lines.
private struct JSONFlattener {
    /// What is kept of a path, in bytes; the end of it says more than the start.
    private static let maximumPath = 200

    private(set) var builder = TextBuilder()
    private let limit: Int
    /// The path to the value that comes next, and where its steps begin.
    private var path: [UInt8] = []
    private var steps: [Int] = []

    init(limit: Int) { self.limit = limit }

    mutating func handle(_ event: JSONScanner.Event) {
        switch event {
        case .key(let key): replaceStep(with: TextBytes.prefix(key, upTo: Self.maximumPath))
        case .element(let index): replaceStep(with: "[\(index)]".utf8, isIndex: true)
        case .open: steps.append(path.count)
        case .close: if let start = steps.popLast() { path.removeLast(path.count - start) }
        case .value(let value): append(value)
        }
    }

    private mutating func replaceStep(with step: some Sequence<UInt8>, isIndex: Bool = false) {
        guard let start = steps.last else { return }
        path.removeLast(path.count - start)
        if start > 0, !isIndex { path.append(UInt8(ascii: ".")) }
        path.append(contentsOf: step)
    }

    private mutating func append(_ value: [UInt8]) {
        var line = Array(path[startOfShownPath...].drop { $0 == UInt8(ascii: ".") })
        if !line.isEmpty { line.append(contentsOf: ": ".utf8) }
        line.append(contentsOf: value)
        builder.append(.tableRow, line)
    }

    /// Long paths lose their beginning; and since they repeat on every line, only the last step
    /// is written once the text has grown far beyond its source.
    private var startOfShownPath: Int {
        guard builder.count <= limit else { return steps.last ?? 0 }
        guard path.count > Self.maximumPath else { return 0 }
        return steps.first { path.count - $0 <= Self.maximumPath } ?? steps.last ?? 0
    }
}
