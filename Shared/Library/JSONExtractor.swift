/// Reads JSON as lines of `path: value`, such as `users[0].name: Ann`; an array's plain values share lines, such as
/// `users[0].tags: admin, new`.
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
    /// What a line of several values has at most, in bytes.
    private static let maximumLine = 200

    private(set) var builder = TextBuilder()
    private let limit: Int
    /// The path to the value that comes next, and where its steps begin. The step of an array's element is only
    /// written when there is more in it than one value.
    private var path: [UInt8] = []
    private var steps: [Int] = []
    /// Which element of an array comes next.
    private var element: Int?
    /// Values of an array that are to share a line.
    private var values: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    mutating func handle(_ event: JSONScanner.Event) {
        switch event {
        case .element(let index): element = index
        case .value(let value) where element != nil: appendElement(value)
        case .value(let value): appendLine(value, path: path[startOfShownPath(to: steps.count)...])
        case .key(let key): replaceStep(with: TextBytes.prefix(key, upTo: Self.maximumPath))
        case .open:
            finishLine()
            if let element { replaceStep(with: "[\(element)]".utf8, isIndex: true) }
            element = nil
            steps.append(path.count)
        case .close:
            finishLine()
            element = nil
            if let start = steps.popLast() { path.removeLast(path.count - start) }
        }
    }

    private mutating func replaceStep(with step: some Sequence<UInt8>, isIndex: Bool = false) {
        guard let start = steps.last else { return }
        path.removeLast(path.count - start)
        if start > 0, !isIndex { path.append(UInt8(ascii: ".")) }
        path.append(contentsOf: step)
    }

    private mutating func appendElement(_ value: [UInt8]) {
        if values.count + value.count > Self.maximumLine { finishLine() }
        if !values.isEmpty, !value.isEmpty { values.append(contentsOf: ", ".utf8) }
        values.append(contentsOf: value)
    }

    private mutating func finishLine() {
        guard !values.isEmpty else { return }
        // The last step is that of an element before.
        let end = steps.last ?? 0
        appendLine(values, path: path[min(end, startOfShownPath(to: steps.count - 1))..<end])
        values.removeAll(keepingCapacity: true)
    }

    private mutating func appendLine(_ value: [UInt8], path: ArraySlice<UInt8>) {
        var line = Array(path.drop { $0 == UInt8(ascii: ".") })
        if !line.isEmpty { line.append(contentsOf: ": ".utf8) }
        line.append(contentsOf: value)
        builder.append(.tableRow, line)
    }

    /// Long paths lose their beginning; and since they repeat on every line, only the last of so many steps is
    /// written once the text has grown far beyond its source.
    private func startOfShownPath(to count: Int) -> Int {
        let steps = steps.prefix(count)
        guard builder.count <= limit else { return steps.last ?? 0 }
        guard path.count > Self.maximumPath else { return 0 }
        return steps.first { path.count - $0 <= Self.maximumPath } ?? steps.last ?? 0
    }
}
