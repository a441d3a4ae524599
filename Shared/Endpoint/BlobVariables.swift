import HTTP
import Storage
import Wire

/// Where uploaded files are: `BLOBS`, with the variables that AWS's programs read for credentials.
extension Configuration.Reader {
    private static let expectation =
        "BLOBS must be files, database, or s3://bucket/prefix?region=…&endpoint=…, percent-encoded"
    /// The answer of a function on AWS Lambda has at most 6 MB, and bytes in it are base64.
    private static let redirectsFrom = 4 << 20
    private static let longestPrefix = 500

    func blobs() throws(Configuration.Problem) -> BlobLocation {
        switch text("BLOBS") {
        // Machines that share a database need not share a disk.
        case nil: return text("DATABASE_URL") == nil ? .files : .database
        case "files": return .files
        case "database": return .database
        case let url?: return .objects(try objects(url))
        }
    }

    private func objects(_ url: String) throws(Configuration.Problem) -> ObjectLocation {
        let problem = Configuration.Problem(description: Self.expectation)
        guard let location = url.without(prefix: "s3://") else { throw problem }
        let place = location.prefix(beforeAnyOf: "?")
        let bucket = String(place.prefix(beforeAnyOf: "/"))
        guard (3...63).contains(bucket.utf8.count),
            bucket.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F })
        else { throw problem }
        var region = text("AWS_REGION") ?? text("AWS_DEFAULT_REGION") ?? "us-east-1"
        var endpoint: String?
        for item in location.after(place).split(atByte: "&") {
            let name = item.prefix(beforeAnyOf: "=")
            let value = PercentEncoding.decode(item.after(name))
            switch name {
            case "region": region = value
            case "endpoint": endpoint = try origin(value)
            default: throw problem
            }
        }
        guard (1...64).contains(region.utf8.count),
            region.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == 0x2D })
        else { throw Configuration.Problem(description: "BLOBS must name a region such as eu-central-1") }
        let least = try number("BLOBS_REDIRECT_BYTES", "bytes", 0...1 << 30) ?? Self.redirectsFrom
        return ObjectLocation(
            bucket: bucket, prefix: try prefix(place.after(bucket)), region: region, endpoint: endpoint,
            credentials: try credentials(), redirectsFrom: least == 0 ? nil : least)
    }

    /// A prefix of keys, which ends in a slash unless it is empty.
    private func prefix(_ path: Substring) throws(Configuration.Problem) -> String {
        var prefix = PercentEncoding.decode(path)
        if prefix.ends(withBytes: "/") { prefix.removeLast() }
        if prefix.isEmpty { return "" }
        let segments = prefix.split(atByte: "/", omittingEmptySubsequences: false)
        // Programs on the way would shorten a path with these.
        guard prefix.utf8.count <= Self.longestPrefix, !segments.contains(where: { ["", ".", ".."].contains($0) }),
            prefix.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw Configuration.Problem(
                description:
                    "The prefix in BLOBS must have at most \(Self.longestPrefix) bytes, and no segment that is empty, . or .."
            )
        }
        return prefix + "/"
    }

    /// An origin as `curl` names it in `Host`, which is signed.
    private func origin(_ text: String) throws(Configuration.Problem) -> String {
        let url = (text.ends(withBytes: "/") ? String(text.dropLast()) : text).lowercasedASCII
        let isSecure = url.starts(withBytes: "https://")
        guard let authority = url.without(prefix: isSecure ? "https://" : "http://"), !authority.isEmpty,
            authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            authority.prefix(beforeAnyOf: "/?#@").utf8.count == authority.utf8.count
        else {
            throw Configuration.Problem(
                description: "The endpoint in BLOBS must be an origin such as https://minio.example:9000")
        }
        let ownPort = isSecure ? ":443" : ":80"
        return url.ends(withBytes: ownPort) ? String(url.dropLast(ownPort.utf8.count)) : url
    }

    // MARK: Credentials

    private static let relativeBase = "http://169.254.170.2"
    /// The hosts that may be asked for credentials without TLS: this machine, ECS and EKS.
    private static let plainHosts = [
        "127.0.0.1", "localhost", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
    ]

    private func credentials() throws(Configuration.Problem) -> ObjectCredentialSource {
        if let keyId = try serviceKey("AWS_ACCESS_KEY_ID"), let secret = try serviceKey("AWS_SECRET_ACCESS_KEY") {
            return .fixed(
                ObjectCredentials(
                    keyId: keyId, secretKey: secret, sessionToken: try serviceKey("AWS_SESSION_TOKEN")))
        }
        let relative = text("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").map { Self.relativeBase + $0 }
        guard let url = relative ?? text("AWS_CONTAINER_CREDENTIALS_FULL_URI") else {
            throw Configuration.Problem(
                description:
                    "BLOBS needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a container's AWS_CONTAINER_CREDENTIALS_FULL_URI or _RELATIVE_URI"
            )
        }
        let isPlain = url.without(prefix: "http://").map { rest in
            Self.plainHosts.contains { host in
                rest.without(prefix: host).map { $0.isEmpty || $0.utf8.first == 0x2F || $0.utf8.first == 0x3A } ?? false
            }
        }
        guard isPlain ?? url.starts(withBytes: "https://"), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Configuration.Problem(
                description:
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI must be an https URL, or http on this machine or 169.254.170.2")
        }
        // Unlike a key, it may have a scheme before it.
        let token = text("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        guard token?.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) ?? true else {
            throw Configuration.Problem(description: "AWS_CONTAINER_AUTHORIZATION_TOKEN must be printable ASCII")
        }
        return .container(
            url: url, token: token,
            tokenFile: text("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
    }
}

extension Substring {
    /// What follows `start`, which it begins with, and one more byte.
    fileprivate func after(_ start: some StringProtocol) -> Substring {
        Substring(utf8.dropFirst(start.utf8.count + 1))
    }
}
