import CPlatform
import Crypto
import Models
import Wire

/// Hashes passwords with the system's `crypt(3)`: yescrypt, at libxcrypt's default cost.
public enum Password {
    private static let outputSize = 384

    /// The hash of a password with a fresh salt, in `crypt(5)` form (`$y$…`). It hashes the composed form (NFC),
    /// because keyboards differ in what they send for the same letter (RFC 8265 section 4.2.2).
    public static func hash(_ password: String) throws -> String {
        guard let setting = fill({ platform_crypt_setting("$y$", 0, $0, $1) }),
            let hash = crypt(password.composed, setting)
        else { throw APIError.internalError(cause: "crypt(3) does not support yescrypt") }
        return hash
    }

    /// Whether the password matches the hash. Without a hash (the account does not exist), takes the same time and
    /// returns false.
    public static func verify(_ password: String, against hash: String?) -> Bool {
        let stored = hash ?? decoy
        return forms(of: password).contains { form in
            guard let computed = crypt(form, stored) else { return false }
            return equalInConstantTime(Array(computed.utf8), Array(stored.utf8)) && hash != nil
        }
    }

    /// The forms that may have been hashed: earlier versions hashed a password as typed.
    private static func forms(of password: String) -> [String] {
        var forms = [password.composed]
        for form in [password, password.decomposed] where !forms.contains(where: { $0.hasSameBytes(as: form) }) {
            forms.append(form)
        }
        return forms
    }

    /// The hash of an unknown password, at the usual cost.
    private static let decoy = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$tnSYvahCwPBHKZUspmcxMfb0.WiB9W.zEaKlOBL35rC"

    private static func crypt(_ password: String, _ setting: String) -> String? {
        // crypt(3) takes C strings, so a NUL would truncate the password.
        guard !password.utf8.contains(0) else { return nil }
        let passphrase = passphrase(for: password)
        return fill { platform_crypt(passphrase, setting, $0, $1) }
    }

    /// Replaces a password that is too long for crypt(3), which multi-byte characters make possible.
    private static func passphrase(for password: String) -> String {
        if password.utf8.count <= longestPassphrase { return password }
        return "nexlayer long password " + Base64.encode(SHA256.hash(password.utf8))
    }

    /// In bytes (`CRYPT_MAX_PASSPHRASE_SIZE` without the terminating zero).
    private static let longestPassphrase = 511

    private static func fill(_ body: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: outputSize) { buffer in
            guard let start = buffer.baseAddress, body(start, outputSize) == 0 else { return nil }
            return String(cString: start)
        }
    }
}

extension ValueType where Value == String {
    /// A new password: 8 to 256 characters, NUL excluded.
    public static var password: ValueType {
        .string(8...256, example: "correct horse battery", format: "password", pattern: "^[^\\u0000]*$") {
            text throws(Invalid) in
            if text.unicodeScalars.contains("\0") { throw Invalid("must not contain NUL") }
            return text
        }
    }
}
