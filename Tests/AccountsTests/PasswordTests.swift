import Accounts
import Models
import Testing

/// Passwords are hashed by crypt(3)'s yescrypt.
struct PasswordTests {
    @Test func aPasswordIsKnownByItsHash() throws {
        let hash = try Password.hash("correct horse battery")
        #expect(hash.hasPrefix("$y$"))
        #expect(Password.verify("correct horse battery", against: hash))
        #expect(!Password.verify("correct horse batterY", against: hash))
        #expect(!Password.verify("", against: hash))
        #expect(try Password.hash("correct horse battery") != hash)
    }

    /// The same letters by whichever keyboard (RFC 8265 section 4.2.2).
    @Test func formsOfALetterAreOne() throws {
        let hash = try Password.hash("pass\u{E9}word")
        #expect(Password.verify("passe\u{301}word", against: hash))
        #expect(!Password.verify("passeword", against: hash))
    }

    @Test(arguments: [nil, "", "*", "$y$", "not a hash"]) func withoutAHashNothingIsRight(_ hash: String?) {
        #expect(!Password.verify("correct horse battery", against: hash))
    }

    /// crypt(3) takes 511 bytes; longer passwords count in full.
    @Test func longPasswordsCountWhole() throws {
        let long = String(repeating: "é", count: 256)
        let hash = try Password.hash(long)
        #expect(Password.verify(long, against: hash))
        #expect(!Password.verify(String(long.dropLast()) + "e", against: hash))
    }

    @Test func aPasswordWithNULIsRefused() throws {
        let hash = try Password.hash("correct horse")
        #expect(!Password.verify("correct horse\u{0}battery", against: hash))
        #expect(throws: APIError.self) { try Password.hash("correct\u{0}horse") }
    }
}
