import Glibc

/// An IPv4 or IPv6 address.
public struct IPAddress: Equatable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, in network order.
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Parses the notations of `inet_pton(3)`: no shortened or octal IPv4, no zone.
    public init?(_ text: String) {
        // The C function would ignore everything after a NUL.
        guard !text.utf8.contains(0) else { return nil }
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = withUnsafeBytes(of: &v4) { Array($0) }
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            bytes = withUnsafeBytes(of: &v6) { Array($0) }
        } else {
            return nil
        }
    }

    /// Nil if the socket address belongs to another family.
    public init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
        default: return nil
        }
    }

    public var isIPv4: Bool { bytes.count == 4 }

    /// The IPv4 address that an IPv6 address maps (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2), otherwise the address
    /// itself.
    public var unmapped: IPAddress {
        AddressBlock.mapped.contains(bytes) && !isIPv4 ? IPAddress(Array(bytes.suffix(4))) : self
    }

    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// All addresses with the same leading bits (RFC 4632; RFC 4291 section 2.3).
public struct AddressBlock: Sendable {
    private let bytes: [UInt8]
    private let length: Int

    /// The first `length` bits of `bytes`. The bytes after them may be omitted.
    public init(_ bytes: [UInt8], _ length: Int) {
        self.bytes = bytes
        self.length = length
    }

    /// Parses `10.0.0.0/8`, `2001:db8::/32`, or a single address.
    public init?(_ text: String) {
        let parts = text.split(atByte: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
        let bits = address.bytes.count * 8
        guard let length = parts.count == 2 ? Int(parts[1]) : bits, (0...bits).contains(length) else { return nil }
        self.init(address.bytes, length)
    }

    /// The address must be of the block's family.
    public func contains(_ address: [UInt8]) -> Bool {
        for (index, byte) in bytes.enumerated() where index * 8 < length {
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> min(8, length - index * 8))
            if index >= address.count || (address[index] ^ byte) & mask != 0 { return false }
        }
        return true
    }

    /// Accepts an address of either family.
    public func contains(_ address: IPAddress) -> Bool {
        bytes.count == address.bytes.count && contains(address.bytes)
    }

    /// The IPv6 addresses that map IPv4 addresses.
    public static let mapped = AddressBlock([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96)
}
