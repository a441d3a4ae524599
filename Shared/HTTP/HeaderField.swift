import Wire

/// Names and values of header fields.
public enum HeaderField {
    /// `tchar`, the characters of methods and field names (RFC 9110 section 5.6.2).
    @inlinable
    public static func isTokenCharacter(_ byte: UInt8) -> Bool {
        // A bit set, because every byte of every field name is looked up.
        let characters: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 128 && characters >> UInt64(byte & 63) & 1 != 0
    }

    public static func isToken(_ bytes: Bytes) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { isTokenCharacter($0) }
    }

    public static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isTokenCharacter($0) }
    }

    /// Whether a value has no control characters except tabs (RFC 9110 section 5.5), so that it can neither end the
    /// field nor begin another one.
    public static func isValue(_ bytes: Bytes) -> Bool { bytes.allSatisfy(isValueByte) }

    public static func isValue(_ text: String) -> Bool { text.utf8.allSatisfy(isValueByte) }

    private static func isValueByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    public static func isValid(_ name: String, _ value: String) -> Bool { isToken(name) && isValue(value) }

    /// Whether a field is hop-by-hop (RFC 9110 section 7.6.1). Ignores case.
    public static func isHopByHop(_ name: Bytes) -> Bool {
        switch name.count {
        case 2: name.equalsIgnoringCase("te")
        case 7: name.equalsIgnoringCase("trailer") || name.equalsIgnoringCase("upgrade")
        case 10: name.equalsIgnoringCase("connection") || name.equalsIgnoringCase("keep-alive")
        case 16: name.equalsIgnoringCase("proxy-connection")
        case 17: name.equalsIgnoringCase("transfer-encoding")
        case 18: name.equalsIgnoringCase("proxy-authenticate")
        case 19: name.equalsIgnoringCase("proxy-authorization")
        default: false
        }
    }

    public static func isHopByHop(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { isHopByHop($0) }
    }

    /// Whether a request's field must not reach a function: hop-by-hop fields, and `Proxy`, which would become
    /// `HTTP_PROXY` in any program that a function starts ("httpoxy").
    public static func isWithheld(_ name: Bytes) -> Bool {
        name.count == 5 ? name.equalsIgnoringCase("proxy") : isHopByHop(name)
    }

    public static func isWithheld(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { isWithheld($0) }
    }
}
