import Crypto
import HTTP
import Wire

/// Signatures of requests to S3 and compatible stores: AWS Signature Version 4, in headers or in a presigned URL.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
///
/// `curl --aws-sigv4` signs odd keys wrongly in many versions, and cannot presign.
struct SignatureV4 {
    let credentials: ObjectCredentials
    let region: String
    /// When it is signed. Stores refuse clocks that differ by more than 15 minutes.
    let time: Timestamp

    /// A request as it is signed.
    struct Request {
        var method: String
        /// With the port, unless it is the scheme's own.
        var host: String
        /// Percent-encoded by `path(_:)`.
        var path: String
        /// Not encoded yet.
        var query: [(name: String, value: String)] = []
        /// Signed besides `host`. Their values have no surrounding or repeated blanks.
        var headers: [(name: String, value: String)] = []
    }

    private static let algorithm = "AWS4-HMAC-SHA256"
    private static let service = "s3"
    /// The hash of a body that is not signed, as in presigned URLs.
    static let unsigned = "UNSIGNED-PAYLOAD"
    /// The hash of no body.
    static let emptyHash = Hex.encode(SHA256.hash([]))
    /// The longest time for which a URL may be presigned, in seconds.
    static let longestExpiry = 604_800

    // MARK: Headers

    /// The headers to send, including those of the request but not `host`.
    ///
    /// - Parameter bodyHash: the SHA-256 of the body in hexadecimal, or `unsigned`.
    func headers(of request: Request, bodyHash: String) -> [(name: String, value: String)] {
        var signed = request
        signed.headers += [("x-amz-content-sha256", bodyHash), ("x-amz-date", timestamp)]
        if let token = credentials.sessionToken { signed.headers.append(("x-amz-security-token", token)) }
        let (signature, names) = signature(of: signed, bodyHash: bodyHash)
        return signed.headers + [
            (
                "authorization",
                "\(Self.algorithm) Credential=\(credentials.keyId)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
            )
        ]
    }

    // MARK: URLs

    /// The query of a presigned URL. Whoever sends the request must send its `headers` as they are here.
    ///
    /// - Parameter seconds: how long it is valid, up to `longestExpiry`.
    func presignedQuery(of request: Request, validFor seconds: Int) -> String {
        var signed = request
        let names = Self.sortedHeaders(of: signed).map(\.name).joined(separator: ";")
        signed.query += [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(credentials.keyId)/\(scope)"),
            ("X-Amz-Date", timestamp), ("X-Amz-Expires", "\(seconds)"), ("X-Amz-SignedHeaders", names),
        ]
        if let token = credentials.sessionToken { signed.query.append(("X-Amz-Security-Token", token)) }
        let signature = signature(of: signed, bodyHash: Self.unsigned).signature
        return "\(Self.canonicalQuery(signed.query))&X-Amz-Signature=\(signature)"
    }

    // MARK: The signature

    private func signature(of request: Request, bodyHash: String) -> (signature: String, names: String) {
        let headers = Self.sortedHeaders(of: request)
        let names = headers.map(\.name).joined(separator: ";")
        let canonical = [
            request.method, request.path, Self.canonicalQuery(request.query),
            headers.map { "\($0.name):\($0.value)\n" }.joined(), names, bodyHash,
        ].joined(separator: "\n")
        let text = [Self.algorithm, timestamp, scope, Hex.encode(SHA256.hash(canonical.utf8))].joined(separator: "\n")
        let key = [day, region, Self.service, "aws4_request"].reduce(Array("AWS4\(credentials.secretKey)".utf8)) {
            HMACSHA256(key: $0).authenticate(Array($1.utf8))
        }
        return (Hex.encode(HMACSHA256(key: key).authenticate(Array(text.utf8))), names)
    }

    private static func sortedHeaders(of request: Request) -> [(name: String, value: String)] {
        let all =
            request.headers.map { (name: $0.name.lowercasedASCII, value: $0.value) } + [
                (name: "host", value: request.host)
            ]
        return all.sorted { $0.name < $1.name }
    }

    /// Sorted by name and value, as S3 wants it; also what is sent.
    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }.sorted { $0 < $1 }
            .map { "\($0)=\($1)" }.joined(separator: "&")
    }

    /// A key as a path: everything is encoded but unreserved characters and slashes. S3 does not normalise paths.
    static func path(_ key: String) -> String {
        "/"
            + key.split(atByte: "/", omittingEmptySubsequences: false).map { PercentEncoding.encode(String($0)) }
            .joined(separator: "/")
    }

    private var scope: String { "\(day)/\(region)/\(Self.service)/aws4_request" }

    private var day: String { String(timestamp.prefix(8)) }

    /// `20130524T000000Z`
    private var timestamp: String {
        let digits = time.description.utf8.prefix(19).filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
        return String(decoding: digits, as: UTF8.self) + "Z"
    }
}
