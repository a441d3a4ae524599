/// Text that is known to be one JSON value: stored and sent on without being taken apart.
public struct RawJSON: Hashable, Sendable {
    public let text: String

    public init(_ json: JSON) { text = json.text }

    /// Trusts text that was made by `init(_:)`, such as a database column.
    public init(stored text: String) { self.text = text }

    /// The value; `null` when stored text was damaged from outside.
    public var value: JSON { (try? JSONReader.parse(text)) ?? .null }
}

extension JSONWriter {
    public mutating func value(_ json: RawJSON) {
        var text = json.text
        text.withUTF8 { raw($0) }
    }
}
