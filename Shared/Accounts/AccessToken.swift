import Crypto
import Models
import Wire

/// The claims of an access token (RFC 7519).
public struct AccessToken: Sendable {
    public var userId: User.ID
    public var sessionId: Session.ID
    public var role: User.Role
    /// Unique to this token (`jti`).
    public var id: String
    public var issuedAt: Timestamp
    public var expiresAt: Timestamp
    /// When the token becomes valid (`nbf`); nil for immediately, as in our own tokens.
    public var notBefore: Timestamp?

    public init(
        userId: User.ID, sessionId: Session.ID, role: User.Role, id: String, issuedAt: Timestamp, expiresAt: Timestamp,
        notBefore: Timestamp? = nil
    ) {
        self.userId = userId
        self.sessionId = sessionId
        self.role = role
        self.id = id
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.notBefore = notBefore
    }
}

/// Signs and verifies access tokens: JWT with HS256 (RFC 7515, RFC 7518 section 3.2) and nothing else.
public final class TokenSigner {
    private let hmac: HMACSHA256
    /// Tokens with a verified signature. The contents of a token do not change; its times are checked on every use.
    private var verified = RecentValues<String, AccessToken>()

    public init(secret: String) { hmac = HMACSHA256(key: Array(secret.utf8)) }

    private static let header = Base64.encodeURLSafe(#"{"alg":"HS256","typ":"JWT"}"#.utf8)

    public func sign(_ token: AccessToken) -> String {
        var writer = JSONWriter()
        writer.object { claims in
            claims.key("sub")
            claims.value(token.userId.text)
            claims.key("iat")
            claims.value(token.issuedAt.seconds)
            claims.key("exp")
            claims.value(token.expiresAt.seconds)
            claims.key("jti")
            claims.value(token.id)
            claims.key("sid")
            claims.value(token.sessionId.text)
            claims.key("role")
            claims.value(token.role.rawValue)
        }
        let signed = "\(Self.header).\(Base64.encodeURLSafe(writer.buffer.bytes))"
        return "\(signed).\(Base64.encodeURLSafe(hmac.authenticate(Array(signed.utf8))))"
    }

    /// Verifies a token's signature and times. Throws 401 if either is invalid.
    public func verify(_ text: String, at now: Timestamp) throws -> AccessToken {
        let token = try verified[text] ?? authentic(text)
        // Whole seconds, as in the token: a token expires in the second of its `exp`.
        if token.expiresAt.seconds <= now.seconds {
            throw APIError(.tokenExpired, "The access token has expired; get a new one from /auth/refresh")
        }
        if token.notBefore.map({ $0.seconds > now.seconds }) ?? false
            || token.issuedAt.seconds > now.seconds + Self.clockSkew
        {
            throw APIError(.unauthorized, "The access token is not valid yet")
        }
        return token
    }

    /// How far the issuing machine's clock may be ahead, in seconds.
    private static let clockSkew: Int64 = 60

    private func authentic(_ text: String) throws -> AccessToken {
        let bytes = Array(text.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard bytes.count <= 4096, parts.count == 3, parts.allSatisfy({ $0.allSatisfy(Self.isURLSafe) }),
            let header = Self.object(parts[0]),
            header["alg"] == "HS256", header["crit"] == nil,
            let signature = parts[2].withUnsafeBufferPointer({ Base64.decode($0) }),
            equalInConstantTime(signature, hmac.authenticate(Array(bytes[..<parts[1].endIndex]))),
            let token = Self.object(parts[1]).flatMap(AccessToken.init(claims:))
        else { throw APIError(.unauthorized, "The access token is not valid") }
        verified.insert(token, for: text)
        return token
    }

    /// JWTs use the URL-safe alphabet without padding (RFC 7515 section 2), so each has one spelling.
    private static func isURLSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case _ where ASCII.isAlphanumeric(byte): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func object(_ part: ArraySlice<UInt8>) -> JSONObject? {
        guard let decoded = part.withUnsafeBufferPointer({ Base64.decode($0) }),
            let object = decoded.withUnsafeBufferPointer({ try? JSONReader.parse($0) })?.object,
            // A duplicate name could mean different things to different readers (RFC 7519 section 4).
            Set(object.members.map(\.key)).count == object.members.count
        else { return nil }
        return object
    }
}

extension AccessToken {
    fileprivate init?(claims: JSONObject) {
        guard let userId = claims["sub"]?.string.flatMap(User.ID.init),
            let sessionId = claims["sid"]?.string.flatMap(Session.ID.init),
            let role = claims["role"]?.string.flatMap(User.Role.init(rawValue:)), let id = claims["jti"]?.string,
            let issued = claims["iat"]?.int, let expires = claims["exp"]?.int
        else { return nil }
        // Times beyond the range of milliseconds are clamped to it.
        let latest: Int64 = 1_000_000_000_000
        let notBefore = claims["nbf"]?.double
        guard claims["nbf"] == nil || notBefore != nil else { return nil }
        self.init(
            userId: userId, sessionId: sessionId, role: role, id: id,
            issuedAt: Timestamp(seconds: min(Int64(issued), latest)),
            expiresAt: Timestamp(seconds: Int64(expires)),
            notBefore: notBefore.map { Timestamp(seconds: Int64(min(max($0, 0), Double(latest)).rounded(.up))) })
    }
}
