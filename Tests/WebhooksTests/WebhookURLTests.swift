import Models
import Testing
import Wire

@testable import Webhooks

/// Where webhooks may be sent.
struct WebhookURLTests {
    private func isTaken(_ text: String) -> Bool { (try? ValueType.webhookURL.parseText(text)) != nil }

    @Test(arguments: [
        "https://example.com", "HTTPS://example.com/in?x=1#y", "http://127.0.0.1:8080/", "https://[::1]:443/",
        "https://example.com:65535", " https://example.com ", "https://example.com/a@b", "https://example.com/?q=a:b@c",
    ])
    func urlsWithAHostAreTaken(_ text: String) {
        #expect(isTaken(text))
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com", "https:/example.com", "https://", "https:///in", "https://:443/",
        "https://user@example.com/", "https://user:password@example.com", "https://example.com:0",
        "https://example.com:65536", "https://example.com:x", "https://example.com:", "https://exa mple.com",
        "https://example.com/\nx", "https://example.com/\"", "https://example.com/\\", "https://ex\u{E4}mple.com",
        "https://example.com\u{301}/", "javascript:alert(1)",
    ])
    func otherTextsAreRefused(_ text: String) {
        #expect(!isTaken(text))
    }

    @Test(arguments: [
        ("https://example.com/", true, true), ("http://example.com/", false, true), ("https://127.0.0.1/", false, true),
        ("https://10.1.2.3/", false, true), ("https://[::1]/", false, true), ("https://169.254.169.254/", false, true),
        ("https://[::ffff:10.0.0.1]/", false, true), ("https://93.184.216.34/", true, true),
    ])
    func onlyPublicAddressesAreCalledUnlessTheOperatorSaysSo(_ url: String, _ byDefault: Bool, _ whenAllowed: Bool) {
        var policy = WebhookPolicy()
        #expect(((try? policy.check(url)) != nil) == byDefault)
        policy.allowsPrivate = true
        #expect(((try? policy.check(url)) != nil) == whenAllowed)
    }
}
