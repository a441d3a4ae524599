import CPlatform
import Glibc

/// The variables of this process.
public enum Environment {
    public static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Whether a variable has a value. An empty one counts as not set.
    public static func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }

    /// Calls `body` with every variable, its value as bytes, which are valid during the call only.
    public static func eachVariable(_ body: (_ name: String, _ value: UnsafeBufferPointer<UInt8>) -> Void) {
        var next = platform_environment()
        while let variable = next?.pointee {
            let bytes = UnsafeBufferPointer(
                start: UnsafeRawPointer(variable).assumingMemoryBound(to: UInt8.self), count: strlen(variable))
            if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
                body(
                    String(decoding: bytes[..<equals], as: UTF8.self),
                    UnsafeBufferPointer(rebasing: bytes[(equals + 1)...]))
            }
            next = next?.advanced(by: 1)
        }
    }
}
