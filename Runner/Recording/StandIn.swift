import Masking
import Wire

/// Replaces secrets with values of the same form, and equal secrets with equal values, so that a recording can be
/// shared and still be replayed: a password gets the same stand-in at registration and at login.
///
/// The characters come from a keyed hash (SipHash with a key of this process), so that the secret cannot be recovered.
enum StandIn {
    static let mask = SecretMask(replacement: { _, secret in of(secret) }, numberReplacement: { ofNumber($0) })

    /// The prefixes of our own secrets, which show their kind.
    private static let prefixes = ["nxl_", "nxr_", "whsec_"]
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let digits = Array("123456789".utf8)
    /// The last characters that base64 can have before any padding (RFC 4648 section 3.5).
    private static let lastCharacters = Array("AQgw".utf8)

    /// As many ASCII letters and digits as the secret has characters, whatever its alphabet, so that the value stays
    /// valid. Only our own prefixes are kept. The stand-in contains no four consecutive characters of the secret,
    /// unless the secret is longer than `comparedLength`.
    static func of(_ secret: String) -> String { of(secret.composed, from: alphabet, last: lastCharacters) }

    /// As many digits as the number has characters, up to the most that a number can have.
    static func ofNumber(_ text: String) -> String {
        of(String(decoding: text.utf8.prefix(15), as: UTF8.self), from: digits, last: digits)
    }

    private static func of(_ secret: String, from alphabet: [UInt8], last: [UInt8]) -> String {
        let prefix = prefixes.first { secret.starts(withBytes: $0) } ?? ""
        let count = secret.unicodeScalars.count
        var bytes = Array(prefix.utf8)
        var stream = Stream(secret)
        let runs = secret.utf8.count <= comparedLength ? Runs(of: secret) : nil
        while bytes.count < count {
            let choice = bytes.count == count - 1 ? last : alphabet
            var byte = stream.next(of: choice)
            // The number of attempts is limited: the last character has only four choices.
            for _ in 0..<attempts where runs?.have(bytes.suffix(3) + [byte]) == true {
                byte = stream.next(of: alphabet)
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let attempts = 64
    /// In bytes. No password is longer.
    private static let comparedLength = 64 << 10

    /// Characters that depend on the secret and on the key of this process.
    private struct Stream {
        private var state: UInt64

        init(_ secret: String) {
            var hasher = Hasher()
            hasher.combine(secret)
            state = UInt64(bitPattern: Int64(hasher.finalize()))
        }

        /// SplitMix64 (Steele, Lea and Flood, 2014).
        mutating func next(of choice: [UInt8]) -> UInt8 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
            return choice[Int(mixed % UInt64(choice.count))]
        }
    }

    /// The runs of four bytes in a secret.
    private struct Runs {
        private var known: Set<UInt32> = []

        init(of secret: String) {
            var run: UInt32 = 0
            for (index, byte) in secret.utf8.enumerated() {
                run = run << 8 | UInt32(byte)
                if index >= 3 { known.insert(run) }
            }
        }

        func have(_ bytes: [UInt8]) -> Bool {
            bytes.count == 4 && known.contains(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        }
    }
}
