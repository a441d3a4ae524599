import Wire

/// A bucket in S3 or a compatible store, or the part of one whose keys begin with a prefix.
///
/// A class, because a configuration is copied often.
public final class ObjectLocation: Sendable {
    public let bucket: String
    /// Empty, or with a slash at its end.
    public let prefix: String
    public let region: String
    /// The origin of a compatible store, without a trailing slash; nil for AWS.
    public let endpoint: String?
    public let credentials: ObjectCredentialSource
    /// The least size, in bytes, of documents whose bytes clients read from the store itself; nil if they never do.
    public let redirectsFrom: Int?

    public init(
        bucket: String, prefix: String, region: String, endpoint: String?, credentials: ObjectCredentialSource,
        redirectsFrom: Int?
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.region = region
        self.endpoint = endpoint
        self.credentials = credentials
        self.redirectsFrom = redirectsFrom
    }

    /// Without the endpoint: `s3://bucket/prefix/`.
    var name: String { "s3://\(bucket)/\(prefix)" }

    /// Where an object is: the URL without the path, the host as it is signed, and the path.
    ///
    /// AWS wants the bucket in the host's name, except one with dots, which no certificate has. Compatible stores know it
    /// only in the path, unless somebody has set up a name for each bucket.
    func address(of key: String) -> (origin: String, host: String, path: String) {
        let path = SignatureV4.path(prefix + key)
        if let endpoint {
            let host = endpoint.without(prefix: "https://") ?? endpoint.without(prefix: "http://") ?? endpoint[...]
            return (endpoint, String(host), "/\(bucket)\(path)")
        }
        // As in cn-north-1.
        let domain = region.starts(withBytes: "cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        if bucket.contains(byte: ".") {
            let host = "s3.\(region).\(domain)"
            return ("https://\(host)", host, "/\(bucket)\(path)")
        }
        let host = "\(bucket).s3.\(region).\(domain)"
        return ("https://\(host)", host, path)
    }
}

/// Where the credentials for a store of objects come from.
public enum ObjectCredentialSource: Sendable {
    case fixed(ObjectCredentials)
    /// An address that answers with temporary ones, in containers.
    ///
    /// - tokenFile: what the request is authorised with, read anew each time. Goes before `token`.
    case container(url: String, token: String?, tokenFile: String?)
}

/// What a store of objects knows an installation by.
public struct ObjectCredentials: Equatable, Sendable {
    public var keyId: String
    /// Never sent: it makes signatures.
    public var secretKey: String
    /// With temporary credentials.
    public var sessionToken: String?
    /// When temporary credentials end; nil if that is not known.
    public var expiresAt: Timestamp?

    public init(keyId: String, secretKey: String, sessionToken: String? = nil, expiresAt: Timestamp? = nil) {
        self.keyId = keyId
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
    }
}
