/// Text that is known to be one JSON value. It is stored and sent without being parsed.
public struct RawJSON: Hashable, Sendable {
    public let text: String

    public init(_ json: JSON) { text = json.text }

    /// Trusts text created by `init(_:)`, such as a database column.
    public init(stored text: String) { self.text = text }

    /// The value; `null` if the stored text is corrupt.
    public var value: JSON { (try? JSONReader.parse(text)) ?? .null }
}

extension JSONWriter {
    public mutating func value(_ json: RawJSON) {
        var text = json.text
        text.withUTF8 { raw($0) }
    }
}
