import Crypto
import Models
import Wire

/// Signatures of the Standard Webhooks specification, version 1:
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
public enum WebhookSignature {
    private static let secretPrefix = "whsec_"
    private static let secretLength = 32

    /// `whsec_` and 256 random bits in base64.
    public static func makeSecret() -> String {
        let buffer = ByteBuffer(secretPrefix)
        secureRandomBytes(secretLength).withUnsafeBufferPointer { Base64.encode($0, into: buffer) }
        return buffer.text
    }

    /// The headers for a body: its id (the same for every attempt), the time, and the HMAC-SHA-256 of both and the
    /// body.
    public static func headers(
        id: Event.ID, body: String, secret: String, at now: Timestamp
    ) -> [(name: String, value: String)] {
        let signature = Self.signature(id: id.text, timestamp: now.seconds, body: body, secret: secret)
        return [
            ("webhook-id", id.text), ("webhook-timestamp", String(now.seconds)), ("webhook-signature", signature),
        ]
    }

    static func signature(id: String, timestamp: Int64, body: String, secret: String) -> String {
        let encoded = Array(secret.dropFirst(secretPrefix.count).utf8)
        let key = encoded.withUnsafeBufferPointer { Base64.decode($0) } ?? []
        let digest = HMACSHA256(key: key).authenticate(Array("\(id).\(timestamp).\(body)".utf8))
        let signature = ByteBuffer("v1,")
        digest.withUnsafeBufferPointer { Base64.encode($0, into: signature) }
        return signature.text
    }
}
