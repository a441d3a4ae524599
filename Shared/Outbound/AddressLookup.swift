import Glibc
import Platform
import Wire

/// A lookup in progress, from `AddressGuard.beginPin`.
public final class AddressLookup {
    /// Becomes readable when the result arrives; -1 once the lookup has finished.
    public private(set) var descriptor: Int32
    private let check: ([IPAddress]) throws(OutboundError) -> Pin
    private var known: Pin?
    private var bytes: [UInt8] = []

    init(pin: Pin) {
        descriptor = -1
        known = pin
        check = { _ throws(OutboundError) in pin }
    }

    /// - Parameter descriptor: from `platform_look_up`.
    init(_ descriptor: Int32, check: @escaping ([IPAddress]) throws(OutboundError) -> Pin) {
        self.descriptor = descriptor
        self.check = check
    }

    deinit { close() }

    private func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// The pin if the lookup has finished, nil otherwise. Does not wait.
    ///
    /// - Throws: `OutboundError.forbidden` or `.unresolvable`, as `AddressGuard.pin` does.
    public func result() throws(OutboundError) -> Pin? {
        var piece = [UInt8](repeating: 0, count: 4096)
        while descriptor >= 0 {
            switch piece.withUnsafeMutableBytes({ Descriptor.read(descriptor, into: $0) }) {
            case .bytes(let count): bytes += piece.prefix(count)
            case .blocked: return nil
            case .ended: close()
            }
        }
        if let known { return known }
        let pin = try check(addresses)
        known = pin
        return pin
    }

    private var addresses: [IPAddress] {
        var addresses: [IPAddress] = []
        var rest = bytes[...]
        while let length = rest.first, rest.count > Int(length) {
            let address = IPAddress(Array(rest.dropFirst().prefix(Int(length))))
            if !addresses.contains(address) { addresses.append(address) }
            rest = rest.dropFirst(Int(length) + 1)
        }
        return addresses
    }
}
