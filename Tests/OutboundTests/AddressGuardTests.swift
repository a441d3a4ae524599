import Outbound
import Testing

struct AddressGuardTests {
    @Test(arguments: [
        // Loopback, in every notation that the C library accepts.
        "127.0.0.1", "127.255.255.254", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
        "localhost", "LOCALHOST", "[::1]", "[0:0:0:0:0:0:0:1]",
        // Unspecified, private, shared, link-local.
        "0.0.0.0", "0", "0.1.2.3", "[::]", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "0xc0a80101", "100.64.0.1", "100.127.255.255", "169.254.169.254", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]",
        "[fec0::1]",
        // Multicast, documentation, benchmarks, assignments, reserved, broadcast.
        "224.0.0.1", "239.255.255.255", "[ff02::1]", "192.0.2.1", "198.51.100.7", "203.0.113.9", "[2001:db8::1]",
        "[3fff:fff::1]", "198.18.0.1", "198.19.255.255", "192.0.0.8", "192.88.99.1", "[2001::1]", "[2001:10::1]",
        "240.0.0.1", "255.255.255.255", "[100::1]", "[4000::1]", "[5f00::1]",
        // IPv4 inside of IPv6: mapped, compatible, NAT64, 6to4.
        "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::808:808]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:c0a8:101::]",
    ])
    func addressesThatAreNotPublicAreRefused(host: String) throws {
        let refused = #expect(throws: OutboundError.self) { try AddressGuard().pin("https://\(host)/hook") }
        #expect(refused == .forbidden(AddressGuard.notPublic))
        #expect(try !AddressGuard(allowsPrivate: true).pin("http://\(host):8080/hook").addresses.isEmpty)
    }

    @Test(arguments: [
        ("1.1.1.1", "1.1.1.1"), ("0x08080808", "8.8.8.8"), ("134744072", "8.8.8.8"), ("010.8.8.8", "8.8.8.8"),
        ("9.255.255.255", "9.255.255.255"), ("11.0.0.0", "11.0.0.0"), ("100.63.255.255", "100.63.255.255"),
        ("100.128.0.0", "100.128.0.0"), ("126.255.255.255", "126.255.255.255"), ("128.0.0.1", "128.0.0.1"),
        ("169.253.255.255", "169.253.255.255"), ("172.15.255.255", "172.15.255.255"), ("172.32.0.0", "172.32.0.0"),
        ("192.167.255.255", "192.167.255.255"), ("198.17.255.255", "198.17.255.255"), ("198.20.0.0", "198.20.0.0"),
        ("223.255.255.255", "223.255.255.255"), ("[2606:4700:4700::1111]", "2606:4700:4700::1111"),
        ("[2001:200::1]", "2001:200::1"), ("[2001:db9::]", "2001:db9::"), ("[::ffff:8.8.8.8]", "::ffff:8.8.8.8"),
        ("[64:ff9b::808:808]", "64:ff9b::808:808"), ("[2002:808:808::1]", "2002:808:808::1"),
    ])
    func publicAddressesArePinned(host: String, address: String) throws {
        for url in ["https://\(host)", "HTTPS://\(host):8443/a?b#c"] {
            #expect(try AddressGuard().pin(url).addresses.map(\.description) == [address])
        }
    }

    @Test(arguments: [
        "", "https", "https:", "https://", "https:///path", "ftp://8.8.8.8/", "file:///etc/passwd", "//8.8.8.8/",
        "https://user@8.8.8.8/", "https://8.8.8.8@127.0.0.1/", "https://8.8.8.8:pass@127.0.0.1/",
        "https://8.8.8.8\\@1.1.1.1/", "https://8.8.8.8:0/", "https://8.8.8.8:65536/", "https://8.8.8.8:/",
        "https://8.8.8.8:+80/", "https://8.8.8.8:80:90/", "https://8.8.8.8 /", "https://8.8.8.8\n/",
        "https://8.8.8.8\t/", "https://8.8.8.8\0/", "https://8.8.8.8%00/", "https://1%2e1.1.1/", "https://①.1.1.1/",
        "https://[::1/", "https://::1/", "https://[fe80::1%25lo]/", "https://[]/", "https://[8.8.8.8]x/",
        "https://\(String(repeating: "a", count: 254))/", "https://8.8.8.8,127.0.0.1/",
    ])
    func whatIsNoPlainURLIsRefused(url: String) {
        let refused = #expect(throws: OutboundError.self) { try AddressGuard().pin(url) }
        #expect(refused == .forbidden("The URL cannot be called"))
    }

    @Test func addressesAreRefusedWithoutALook() {
        let (strict, lenient) = (AddressGuard(), AddressGuard(allowsPrivate: true))
        for host in [
            "127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "localhost", "Sub.LocalHost", "127.0.0.1:8443",
            "127.1", "2130706433", "0x7f.1", "localhost.", "[::ffff:10.0.0.1]",
        ] {
            #expect(strict.refusesAddress(in: "https://\(host)/x"), "\(host)")
            #expect(!lenient.refusesAddress(in: "https://\(host)/x"))
        }
        for host in ["example.com", "93.184.216.34", "[2606:4700::1111]", "localhost.example.com"] {
            #expect(!strict.refusesAddress(in: "https://\(host)/x"), "\(host)")
        }
    }

    @Test func plainHTTPIsForPrivateUse() {
        #expect(throws: OutboundError.forbidden("The URL must begin with https://")) {
            try AddressGuard().pin("http://8.8.8.8/")
        }
        #expect(throws: Never.self) { try AddressGuard(allowsPrivate: true).pin("http://8.8.8.8/") }
    }

    @Test(arguments: ["https://no-such-host.invalid/", "https://1.2.3.256/", "https://[1::2::3]/"])
    func whatLeadsNowhereIsSaidSo(url: String) {
        #expect(throws: OutboundError.unresolvable("The host's name has no address")) { try AddressGuard().pin(url) }
    }
}
