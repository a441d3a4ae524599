import Crypto
import Testing
import Wire

/// HMAC-SHA-256 against published vectors, and what is built on it.
struct HMACTests {
    @Test func theVectorsOfRFC4231Agree() throws {
        let records = try Vectors.records("RFC4231.rsp")
        #expect(records.count == 6)
        for record in records {
            let hmac = HMACSHA256(key: try bytes(hex: record["Key"]))
            #expect(hmac.authenticate(try bytes(hex: record["Msg"])) == (try bytes(hex: record["MD"])))
        }
    }

    /// Case 5 of RFC 4231, whose output is cut to 128 bits.
    @Test func theTruncatedVectorOfRFC4231Agrees() throws {
        let tag = HMACSHA256(key: [UInt8](repeating: 0x0C, count: 20)).authenticate(Array("Test With Truncation".utf8))
        #expect(Array(tag.prefix(16)) == (try bytes(hex: "a3b6167473100ee06e0c796c2955552b")))
    }

    /// Valid tags are recognised and modified ones refused, whole and cut to 128 bits.
    @Test func theVectorsOfWycheproofAgree() throws {
        let rows = try Vectors.rows("WycheproofHMACSHA256.txt")
        #expect(rows.count == 174)
        #expect(rows.contains { $0[1] == "invalid" })
        for row in rows {
            let (key, message, tag) = (try bytes(hex: row[2]), try bytes(hex: row[3]), try bytes(hex: row[4]))
            try #require(tag.count == 16 || tag.count == 32)
            let computed = Array(HMACSHA256(key: key).authenticate(message).prefix(tag.count))
            #expect(equalInConstantTime(computed, tag) == (row[1] == "valid"), "test \(row[0])")
        }
    }

    /// One key authenticates many messages: no state is kept from one to the next.
    @Test func aKeyIsUsedAgain() {
        let hmac = HMACSHA256(key: Array("key".utf8))
        let first = hmac.authenticate(Array("first".utf8))
        #expect(hmac.authenticate(Array("second".utf8)) != first)
        #expect(hmac.authenticate(Array("first".utf8)) == first)
    }

    /// The example of RFC 7515, appendix A.1: a JWS with HS256.
    @Test func theSignatureOfRFC7515Agrees() throws {
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
        let header = "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"
        let payload = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
        let input = "\(Base64.encodeURLSafe(header.utf8)).\(Base64.encodeURLSafe(payload.utf8))"
        #expect(
            input == "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6"
                + "Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ")
        let tag = HMACSHA256(key: try #require(Base64.decode(key))).authenticate(Array(input.utf8))
        #expect(Base64.encodeURLSafe(tag) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    }

    /// RFC 7914 section 11: the first block of each.
    @Test func theVectorsOfPBKDF2Agree() throws {
        let vectors = [
            ("passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
            ("Password", "NaCl", 80_000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
        ]
        for (password, salt, rounds, key) in vectors {
            let hmac = HMACSHA256(key: Array(password.utf8))
            #expect(hmac.stretch(salt: Array(salt.utf8), rounds: rounds) == (try bytes(hex: key)))
        }
    }

    /// The example of RFC 7677 section 3: SCRAM-SHA-256, with PBKDF2 (RFC 8018 section 5.2) built on the HMAC.
    @Test func theExchangeOfRFC7677Agrees() throws {
        let password = HMACSHA256(key: Array("pencil".utf8))
        let salt = try #require(Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
        var round = password.authenticate(salt + [0, 0, 0, 1])
        var salted = round
        for _ in 1..<4096 {
            round = password.authenticate(round)
            for index in salted.indices { salted[index] ^= round[index] }
        }
        let message = """
            n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
            s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0
            """
        func authenticate(_ key: [UInt8], _ text: String) -> [UInt8] {
            HMACSHA256(key: key).authenticate(Array(text.utf8))
        }
        let clientKey = authenticate(salted, "Client Key")
        let clientSignature = authenticate(SHA256.hash(clientKey), message)
        let proof = zip(clientKey, clientSignature).map { $0 ^ $1 }
        #expect(Base64.encode(proof) == "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        let serverSignature = authenticate(authenticate(salted, "Server Key"), message)
        #expect(Base64.encode(serverSignature) == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    }

    @Test(arguments: [
        ([], [], true), ([1, 2], [1, 2], true), ([1, 2], [1, 3], false), ([1], [1, 0], false), ([1], [], false),
    ])
    func bytesAreComparedWhole(_ left: [UInt8], _ right: [UInt8], _ isEqual: Bool) {
        #expect(equalInConstantTime(left, right) == isEqual)
    }

    @Test func randomBytesDiffer() {
        #expect(secureRandomBytes(0).isEmpty)
        #expect(secureRandomBytes(32).count == 32)
        #expect(Set((0..<100).map { _ in secureRandomBytes(16) }).count == 100)
    }
}
