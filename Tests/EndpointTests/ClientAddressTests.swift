import FunctionRuntime
import Testing
import Wire

@testable import Endpoint

/// Whose request it is, behind proxies that are trusted and proxies that are not.
struct ClientAddressTests {
    private static let trusted = ["10.0.0.0/8", "fd00::/8", "192.0.2.7"].compactMap(AddressBlock.init)

    private func request(_ peer: String, _ forwarded: String?) -> Request {
        var request = Request()
        request.sourceIP = peer
        if let forwarded { request.headers = [("x-forwarded-for", forwarded)] }
        return request
    }

    @Test(
        arguments: [
            // The peer is not a proxy of ours: what it says does not count.
            ("203.0.113.5", nil, "203.0.113.5"), ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
            ("::ffff:203.0.113.5", nil, "203.0.113.5"), ("fe80::1%eth0", nil, "fe80::1"),
            // The right-most address that is not a proxy's.
            ("10.1.2.3", "198.51.100.1", "198.51.100.1"), ("10.1.2.3", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
            ("10.1.2.3", "198.51.100.1, 10.9.9.9", "198.51.100.1"),
            ("192.0.2.7", "198.51.100.1,10.9.9.9", "198.51.100.1"),
            ("fd00::1", "2001:db8::9", "2001:db8::9"), ("10.1.2.3", "198.51.100.1:4711", "198.51.100.1"),
            ("10.1.2.3", "[2001:db8::9]:4711", "2001:db8::9"), ("10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"),
            // Only proxies: the first of them.
            ("10.1.2.3", "10.9.9.9", "10.9.9.9"), ("10.1.2.3", "10.8.8.8, 10.9.9.9", "10.8.8.8"),
            ("10.1.2.3", nil, "10.1.2.3"),
            ("10.1.2.3", "", "10.1.2.3"),
            // What is not an address hides whatever is left of it.
            ("10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"), ("10.1.2.3", "unknown, 198.51.100.1", "198.51.100.1"),
            ("10.1.2.3", "198.51.100.1, 10.9.9.9, nonsense, 10.8.8.8", "10.1.2.3"),
            ("10.1.2.3", "1.1.1.1:x", "10.1.2.3"),
            ("10.1.2.3", "198.51.100.1\u{301}", "10.1.2.3"),
            // Without an address there is no client to name.
            ("", nil, nil), ("", "198.51.100.1", nil), ("unix:", "198.51.100.1", nil),
        ] as [(String, String?, String?)])
    func aClientIsTheLastAddressThatCouldNotBeMadeUp(_ peer: String, _ forwarded: String?, _ client: String?) {
        let found = ClientAddress.of(request(peer, forwarded), trusting: Self.trusted)
        #expect(found?.description == client)
    }

    @Test func withoutProxiesThePeerIsTheClient() {
        #expect(ClientAddress.of(request("10.1.2.3", "198.51.100.1"), trusting: [])?.description == "10.1.2.3")
    }

    /// A client has a whole IPv6 network to itself.
    @Test func addressesAreCountedByNetwork() {
        func key(_ text: String) -> String { ClientAddress.countingKey(IPAddress(text)) }
        #expect(key("198.51.100.1") != key("198.51.100.2"))
        #expect(key("2001:db8:0:1::1") == key("2001:db8:0:1:ffff::2"))
        #expect(key("2001:db8:0:1::1") != key("2001:db8:0:2::1"))
        #expect(ClientAddress.countingKey(nil) == "unknown")
    }
}
