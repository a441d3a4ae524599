import Models
import Testing
import Wire

@testable import Webhooks

/// Signatures against the vectors that the reference implementations of Standard Webhooks publish.
struct WebhookSignatureTests {
    @Test(
        arguments: [
            // standard-webhooks/libraries: the test of `sign` in every language.
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330,
                #"{"test": 2432232314}"#, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
            ),
            // Svix, "How to verify webhooks manually".
            (
                "whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", 1_731_705_121,
                #"{"event_type":"ping","data":{"success":true}}"#, "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
            ),
        ] as [(String, String, Int64, String, String)])
    func publishedSignaturesAgree(
        _ secret: String, _ id: String, _ timestamp: Int64, _ body: String, _ signature: String
    ) {
        #expect(WebhookSignature.signature(id: id, timestamp: timestamp, body: body, secret: secret) == signature)
    }

    @Test func theHeadersCarryWhatIsSigned() throws {
        let id = try #require(Event.ID("evt_01JD8Q3W5X7Y9Z1A3B5C7D9E0F"))
        let secret = WebhookSignature.makeSecret()
        let headers = WebhookSignature.headers(
            id: id, body: "{}", secret: secret, at: Timestamp(seconds: 1_800_000_000))
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        let expected = WebhookSignature.signature(
            id: "evt_01JD8Q3W5X7Y9Z1A3B5C7D9E0F", timestamp: 1_800_000_000, body: "{}", secret: secret)
        #expect(headers.map(\.value) == ["evt_01JD8Q3W5X7Y9Z1A3B5C7D9E0F", "1800000000", expected])
    }

    /// A secret is 256 random bits in base64, as the specification recommends (24 to 64 bytes).
    @Test func secretsAreRandom() throws {
        let secrets = (0..<20).map { _ in WebhookSignature.makeSecret() }
        #expect(Set(secrets).count == secrets.count)
        for secret in secrets {
            #expect(secret.hasPrefix("whsec_"))
            #expect(Base64.decode(String(secret.dropFirst(6)))?.count == 32)
        }
    }
}
