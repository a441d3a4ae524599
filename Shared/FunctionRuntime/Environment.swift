import CPlatform
import Glibc
import Wire

/// The variables of this process.
public enum Environment {
    public static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// A variable that is set to nothing counts as not set.
    static func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }

    /// Calls `body` with every variable. Values that are not UTF-8 are taken as ISO 8859-1, which header fields were
    /// in the past (RFC 9110 section 5.5).
    static func eachVariable(_ body: (Substring, String) -> Void) {
        var next = platform_environment()
        while let variable = next?.pointee {
            let bytes = UnsafeBufferPointer(
                start: UnsafeRawPointer(variable).assumingMemoryBound(to: UInt8.self), count: strlen(variable))
            if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
                let name = String(decoding: bytes[..<equals], as: UTF8.self)
                body(name[...], FieldText.decode(UnsafeBufferPointer(rebasing: bytes[(equals + 1)...])))
            }
            next = next?.advanced(by: 1)
        }
    }
}

enum FieldText {
    /// A header field's value as text.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        if UTF8Check.isWellFormed(bytes) { return String(decoding: bytes, as: UTF8.self) }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
