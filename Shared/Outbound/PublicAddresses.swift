import Wire

private typealias Block = AddressBlock

extension IPAddress {
    /// Whether the address belongs to the public internet, by the IANA special-purpose registries (RFC 6890): it is not
    /// loopback, private, link-local, shared (CGNAT), multicast, unspecified, documentation, benchmarking or reserved.
    /// An IPv6 address that contains an IPv4 address is judged by the latter.
    public var isPublic: Bool {
        if bytes.count == 4 { return !Self.special4.contains { $0.contains(bytes) } }
        for (prefix, offset) in Self.embedding where prefix.contains(bytes) {
            return !Self.special4.contains { $0.contains(Array(bytes[offset..<offset + 4])) }
        }
        return Self.global6.contains(bytes) && !Self.special6.contains { $0.contains(bytes) }
    }

    private static let special4 = [
        Block([0], 8),  // this network, RFC 791
        Block([10], 8), Block([172, 16], 12), Block([192, 168], 16),  // private, RFC 1918
        Block([100, 64], 10),  // shared by carriers, RFC 6598
        Block([127], 8),  // loopback, RFC 1122
        Block([169, 254], 16),  // link-local, RFC 3927
        Block([192, 0, 0], 24),  // protocol assignments, RFC 6890
        Block([192, 0, 2], 24), Block([198, 51, 100], 24), Block([203, 0, 113], 24),  // documentation, RFC 5737
        Block([192, 88, 99], 24),  // 6to4 relays, RFC 7526
        Block([198, 18], 15),  // benchmarks, RFC 2544
        Block([224], 4),  // multicast, RFC 1112
        Block([240], 4),  // reserved, and broadcast
    ]

    /// Where IPv6 addresses embed an IPv4 address.
    private static let embedding = [
        (Block.mapped, 12),  // RFC 4291
        (Block([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 96), 12),  // NAT64, RFC 6052
        (Block([0x20, 0x02], 16), 2),  // 6to4, RFC 3056
    ]

    /// The assigned range of global unicast: RFC 4291 section 2.4.
    private static let global6 = Block([0x20], 3)

    private static let special6 = [
        Block([0x20, 0x01, 0], 23),  // protocol assignments, Teredo among them, RFC 2928
        Block([0x20, 0x01, 0x0D, 0xB8], 32),  // documentation, RFC 3849
        Block([0x3F, 0xFF, 0], 20),  // documentation, RFC 9637
    ]
}
