import Glibc
import Models
import Postgres

extension PostgresParameters {
    /// Appends the values of a statement.
    func append(_ values: [SQLValue]) throws {
        for value in values {
            switch value {
            case .null(.bool): appendNull(of: .bool)
            case .null(.integer): appendNull(of: .integer)
            case .null(.real): appendNull(of: .real)
            case .null(.text): appendNull(of: .text)
            case .null(.blob): appendNull(of: .blob)
            case .bool(let value): append(value)
            case .integer(let value): append(value)
            case .real(let value): append(value)
            case .blob(let bytes): append(blob: bytes)
            case .integers(let values): append(values.map { Int64($0) })
            case .blobs(let values): append(blobs: values)
            case .text(var text):
                try text.withUTF8 { bytes in
                    if let start = bytes.baseAddress, memchr(start, 0, bytes.count) != nil {
                        throw APIError.unstorableText(cause: "a text contains U+0000")
                    }
                    append(text: bytes)
                }
            }
        }
    }
}
