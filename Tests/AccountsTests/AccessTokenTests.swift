import Accounts
import Crypto
import Foundation
import Models
import Testing
import Wire

/// Access tokens: JWT with HS256, and nothing else. The tokens here are put together by hand, from the vectors' HMAC.
struct AccessTokenTests {
    private static let secret = "a secret of the tests with at least 32 bytes"
    private static let now = Timestamp(seconds: 1_800_000_000)
    private let signer = TokenSigner(secret: secret)

    private static let header = #"{"alg":"HS256","typ":"JWT"}"#
    private static let claims = """
        {"sub":"usr_01JD8Q3W5X7Y9Z1A3B5C7D9E0F","iat":1800000000,"exp":1800003600,"jti":"t1",\
        "sid":"ses_01JD8Q3W5X7Y9Z1A3B5C7D9E0F","role":"user"}
        """

    private static func token(header: String = header, claims: String = claims, secret: String = secret) -> String {
        let input = "\(Base64.encodeURLSafe(header.utf8)).\(Base64.encodeURLSafe(claims.utf8))"
        let signature = HMACSHA256(key: Array(secret.utf8)).authenticate(Array(input.utf8))
        return "\(input).\(Base64.encodeURLSafe(signature))"
    }

    private func code(_ token: String, at time: Timestamp = now) -> APIError.Code? {
        do {
            _ = try signer.verify(token, at: time)
            return nil
        } catch { return (error as? APIError)?.code }
    }

    @Test func aTokenIsWhatEveryLibraryWouldMake() throws {
        let userId = try #require(User.ID("usr_01JD8Q3W5X7Y9Z1A3B5C7D9E0F"))
        let sessionId = try #require(Session.ID("ses_01JD8Q3W5X7Y9Z1A3B5C7D9E0F"))
        let signed = signer.sign(
            AccessToken(
                userId: userId, sessionId: sessionId, role: .user, id: "t1", issuedAt: Self.now,
                expiresAt: Timestamp(seconds: Self.now.seconds + 3600)))
        #expect(signed == Self.token())
        let token = try signer.verify(signed, at: Self.now)
        #expect((token.userId, token.sessionId, token.role, token.id) == (userId, sessionId, .user, "t1"))
        #expect(token.expiresAt.seconds == Self.now.seconds + 3600)
    }

    /// A second reading is answered from memory and must not differ.
    @Test func aTokenIsReadAgain() {
        let token = Self.token()
        for _ in 0..<3 { #expect(code(token) == nil) }
        #expect(code(token, at: Timestamp(seconds: 1_800_003_600)) == .tokenExpired)
        #expect(code(token) == nil)
    }

    @Test(
        arguments: [
            (0, nil), (3599, nil), (3600, .tokenExpired), (100_000, .tokenExpired), (-60, nil), (-61, .unauthorized),
        ] as [(Int64, APIError.Code?)])
    func aTokenIsValidForItsTime(_ seconds: Int64, _ expected: APIError.Code?) {
        #expect(code(Self.token(), at: Timestamp(seconds: Self.now.seconds + seconds)) == expected)
    }

    @Test(
        arguments: [
            (#","nbf":1800000000"#, nil), (#","nbf":1800000001"#, .unauthorized), (#","nbf":1799999999.5"#, nil),
            (#","nbf":1800000000.5"#, .unauthorized), (#","nbf":"soon""#, .unauthorized),
            (#","nbf":null"#, .unauthorized),
            (#","nbf":1e300"#, .unauthorized), (#","nbf":-1"#, nil),
        ] as [(String, APIError.Code?)])
    func aTokenMayBeginLater(_ member: String, _ expected: APIError.Code?) {
        #expect(code(Self.token(claims: Self.claims.dropLast() + member + "}")) == expected)
    }

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"None","typ":"JWT"}"#, #"{"alg":"hs256"}"#, #"{"alg":"HS512"}"#,
        #"{"alg":"RS256"}"#,
        #"{"typ":"JWT"}"#, #"{"alg":["HS256"]}"#, #"{"alg":"HS256","crit":["exp"]}"#, #"{"alg":"HS256","alg":"none"}"#,
        #"{"alg":"HS256","alg":"HS256"}"#, "[]", "", "HS256",
    ])
    func anotherHeaderIsRefused(_ header: String) {
        #expect(code(Self.token(header: header)) == .unauthorized)
    }

    /// Every claim that we rely on must be there, once, and of its type.
    @Test(arguments: [
        ("\"sub\":\"usr_01JD8Q3W5X7Y9Z1A3B5C7D9E0F\",", ""), ("usr_", "key_"), ("\"iat\":1800000000,", ""),
        ("\"exp\":1800003600,", ""), ("1800003600", "\"1800003600\""), ("\"jti\":\"t1\",", ""), ("ses_", "usr_"),
        ("\"role\":\"user\"", "\"role\":\"root\""), (",\"role\":\"user\"", ""),
        ("\"role\":", "\"role\":\"admin\",\"role\":"),
        ("{", "[{"),
    ])
    func otherClaimsAreRefused(_ old: String, _ new: String) throws {
        let place = try #require(Self.claims.firstRange(of: old))
        #expect(code(Self.token(claims: Self.claims.replacingCharacters(in: place, with: new))) == .unauthorized)
    }

    @Test func aTokenOfAnotherSecretIsRefused() {
        #expect(code(Self.token(secret: "another secret of at least 32 bytes here")) == .unauthorized)
        #expect(code(Self.token(secret: "")) == .unauthorized)
    }

    /// A token has one spelling (RFC 7515 section 2).
    @Test func anotherSpellingIsRefused() {
        let token = Self.token()
        let parts = token.split(separator: ".").map(String.init)
        let spellings = [
            "", ".", "..", "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1]).", "\(token).", ".\(token)", "\(token)=",
            "\(token) ",
            " \(token)", "\(token)\n", "\(parts[0])=.\(parts[1]).\(parts[2])", "\(parts[1]).\(parts[0]).\(parts[2])",
            token.replacing("-", with: "+").replacing("_", with: "/") + "+", String(token.dropLast()), token + "A",
            String(repeating: "A", count: 5000), "\(parts[0]).\(parts[1])\u{301}.\(parts[2])",
        ]
        for spelling in spellings { #expect(code(spelling) == .unauthorized, "\(spelling)") }
    }

    /// No byte of a token may change.
    @Test func everyByteIsAuthentic() {
        let bytes = Array(Self.token().utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(code(String(decoding: changed, as: UTF8.self)) == .unauthorized, "byte \(index)")
        }
    }
}
