import Testing
import Wire

@testable import Gateway

struct HostNamesTests {
    private func isAccepted(_ host: String, _ list: String?, isLocal: Bool = true) -> Bool {
        let bytes = Array(host.utf8)
        return bytes.withUnsafeBufferPointer { host in
            let head = RequestHead()
            head.host = host
            head.hostCount = 1
            var names = HostNames(list, isLocal: isLocal)
            do throws(GatewayError) {
                try names.admit(head)
                return true
            } catch {
                #expect(error.status == 421)
                return false
            }
        }
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:3001", "localhost.", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:3001",
    ]) func localNamesAreAlwaysAccepted(_ host: String) {
        #expect(isAccepted(host, nil) && isAccepted(host, "api.example.com"))
    }

    @Test(arguments: ["gateway", "API:3001", "gateway.", "my-machine"])
    func namesWithoutADotAreAccepted(_ host: String) {
        #expect(isAccepted(host, nil) && isAccepted(host, "api.example.com"))
    }

    @Test(arguments: [
        "example.com", "localhost.example.com", "128.0.0.1", "2130706433", "[::2]", "::1", "127.0.0.1.example.com",
    ])
    func otherNamesNeedTheList(_ host: String) {
        #expect(!isAccepted(host, nil) && !isAccepted(host, "api.example.com"))
        #expect(isAccepted(host, nil, isLocal: false) && isAccepted(host, "*"))
    }

    @Test func listedNamesAreAcceptedInAnyCaseAndWithAnyPort() {
        for host in ["api.example.com", "API.example.COM:8443", "api.example.com."] {
            #expect(isAccepted(host, "other.example.com, Api.Example.com"))
        }
        #expect(!isAccepted("example.com", "api.example.com", isLocal: false))
    }

    @Test func namesWithPortsAreInvalidInAList() {
        #expect(HostNames.fault(in: "api.example.com, [::1], *") == nil)
        #expect(HostNames.fault(in: "a.example.com, b.example.com:80") == "b.example.com:80")
    }
}
