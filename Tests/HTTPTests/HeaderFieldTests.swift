import HTTP
import Testing

/// Names and values of header fields (RFC 9110 sections 5.5, 5.6.2 and 7.6.1).
struct HeaderFieldTests {
    @Test func everyTokenCharacterIsKnown() {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(HeaderField.isTokenCharacter(byte) == letters.contains(byte), "\(byte)")
        }
        #expect(!HeaderField.isToken(""))
        #expect(!HeaderField.isToken("x-a\u{301}"))
    }

    @Test(arguments: [
        ("", true), ("a b\tc", true), ("é", true), ("a\r\nb", false), ("a\u{0}", false), ("a\u{7F}", false),
    ])
    func aValueStaysOnItsLine(_ value: String, _ isValue: Bool) {
        #expect(HeaderField.isValue(value) == isValue)
        #expect(HeaderField.isValid("x-a", value) == isValue)
        #expect(!HeaderField.isValid("x a", value))
    }

    @Test(arguments: [
        "Connection", "keep-alive", "TE", "trailer", "Transfer-Encoding", "upgrade", "proxy-connection",
        "Proxy-Authenticate",
        "proxy-authorization",
    ])
    func fieldsOfTheConnectionStayThere(_ name: String) {
        #expect(HeaderField.isHopByHop(name))
        #expect(HeaderField.isWithheld(name))
    }

    @Test(arguments: ["", "host", "content-length", "connections", "te ", "x-upgrade", "proxy-status", "upgrad\u{E9}"])
    func otherFieldsArePassedOn(_ name: String) {
        #expect(!HeaderField.isHopByHop(name))
        #expect(!HeaderField.isWithheld(name))
    }

    /// A client's `Proxy:` would become the variable HTTP_PROXY ("httpoxy").
    @Test(arguments: ["proxy", "Proxy", "PROXY"]) func aProxyIsNotAClientsToChoose(_ name: String) {
        #expect(HeaderField.isWithheld(name))
        #expect(!HeaderField.isHopByHop(name))
    }
}
