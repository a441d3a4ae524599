import Wire

public enum RequestID {
    /// Whether a caller's id may be used: 1 to 128 of `A-Za-z0-9._-`. It appears in logs, so it must not allow
    /// injection.
    public static func isValid(_ id: some Collection<UInt8>) -> Bool {
        (1...128).contains(id.count) && id.allSatisfy(isValidByte)
    }

    public static func isValid(_ id: String) -> Bool { isValid(id.utf8) }

    public static func isValidByte(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_")
    }
}
