import CPlatform
import Glibc
import Wire

/// The environment variables of this process.
public enum Environment {
    public static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Whether a variable has a value. An empty one counts as not set.
    public static func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }

    /// Variables from which curl takes its proxies. NB: not `HTTP_PROXY`, which a CGI server makes from a client's
    /// `Proxy:` header ("httpoxy"); curl does not read it either.
    public static let proxyNames = [
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]
    /// Variables from which curl takes the certificates that it trusts.
    public static let certificateNames = ["SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"]

    /// Calls `body` with every variable. The value is passed as bytes, which are valid only during the call.
    public static func eachVariable(_ body: (_ name: String, _ value: Bytes) -> Void) {
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
