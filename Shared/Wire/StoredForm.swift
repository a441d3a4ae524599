/// How a database keeps a value, where its column does not say it by itself.
public enum StoredForm: Sendable {
    /// As what it is: text or a number.
    case plain
    /// As the text of its JSON.
    case json
    /// As 0 or 1.
    case flag
    /// In milliseconds since 1970.
    case time
}

/// How a database keeps a field.
public struct StoredColumn: Sendable {
    public let name: StaticString
    public let form: StoredForm
    /// Left out when it is NULL.
    public let isOptional: Bool
}
