import Glibc
import Models
import Outbound
import Platform
import Wire

/// The credentials of an installation. Temporary ones are fetched when they are needed, and kept until shortly before
/// they end.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
final class CredentialCache {
    private let source: ObjectCredentialSource
    private var known: ObjectCredentials?

    /// How long before their end credentials are replaced, and how long those without an end are kept, in seconds.
    private static let margin = 300
    private static let lifetime = 900
    private static let limit = 5_000
    private static let longestToken = 64 << 10

    init(_ source: ObjectCredentialSource) { self.source = source }

    /// - Throws: 503 if the container's address does not answer as it should.
    func current(at now: Timestamp) throws -> ObjectCredentials {
        if case .fixed(let credentials) = source { return credentials }
        if let known, let end = known.expiresAt, now + Self.margin < end { return known }
        do {
            var fetched = try fetch()
            if fetched.expiresAt == nil { fetched.expiresAt = now + Self.lifetime }
            known = fetched
            return fetched
        } catch {
            // Those of before may still be valid.
            if let known, let end = known.expiresAt, now < end { return known }
            throw ObjectClient.unavailable(
                "The file storage's credentials cannot be fetched at the moment", cause: "\(error)")
        }
    }

    private struct Failure: Error, CustomStringConvertible { var description: String }

    private func fetch() throws -> ObjectCredentials {
        guard case .container(let url, let token, let tokenFile) = source else { throw Failure(description: "none") }
        var request = HTTPRequest("GET", url, headers: [("accept", "application/json")])
        if let token = try tokenFile.map(Self.token) ?? token { request.headers.append(("authorization", token)) }
        (request.limits.connecting, request.limits.total) = (Self.limit, Self.limit)
        // No proxy: the address is this machine's own.
        if url.starts(withBytes: "http:") { request.pin = try AddressGuard(allowsPrivate: true).pin(url) }
        let answer = try request.send()
        guard answer.head.isSuccess else { throw Failure(description: "status \(answer.head.status)") }
        guard let json = try? JSONReader.parse(String(decoding: answer.body, as: UTF8.self)),
            let keyId = json["AccessKeyId"]?.string,
            let secret = json["SecretAccessKey"]?.string
        else { throw Failure(description: "the answer has no credentials") }
        return ObjectCredentials(
            keyId: keyId, secretKey: secret, sessionToken: json["Token"]?.string,
            expiresAt: json["Expiration"]?.string.flatMap { Timestamp($0) })
    }

    private static func token(in path: String) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Failure(description: "\(path) cannot be read") }
        defer { close(file) }
        let bytes = ByteBuffer()
        while bytes.count < longestToken, let count = Descriptor.read(from: file, into: bytes, atMost: 4096), count > 0
        {}
        let text = bytes.text
        guard let end = text.utf8.lastIndex(where: { $0 > 0x20 }) else {
            throw Failure(description: "\(path) is empty")
        }
        return String(text[...end])
    }
}
