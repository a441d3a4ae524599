import Foundation
import Testing
import Wire

@testable import Storage

/// Signatures against AWS's published examples, and against botocore's (`Signatures/make.py`).
struct SignatureV4Tests {
    private let example = SignatureV4(
        credentials: ObjectCredentials(
            keyId: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1", time: Timestamp(milliseconds: 1_369_353_600_000))
    private let host = "examplebucket.s3.amazonaws.com"

    private func signature(
        _ request: SignatureV4.Request, bodyHash: String = SignatureV4.emptyHash
    ) throws -> String {
        let headers = example.headers(of: request, bodyHash: bodyHash)
        let value = try #require(headers.first { $0.name == "authorization" }?.value)
        return String(value.suffix(64))
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    @Test func thePublishedExamplesAgree() throws {
        #expect(
            try signature(.init(method: "GET", host: host, path: "/test.txt", headers: [("Range", "bytes=0-9")]))
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            try signature(
                .init(
                    method: "PUT", host: host, path: SignatureV4.path("test$file.text"),
                    headers: [
                        ("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                    ]),
                bodyHash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
                == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
        #expect(
            try signature(.init(method: "GET", host: host, path: "/", query: [("lifecycle", "")]))
                == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
        #expect(
            try signature(.init(method: "GET", host: host, path: "/", query: [("prefix", "J"), ("max-keys", "2")]))
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    @Test func thePublishedPresignedExampleAgrees() {
        let query = example.presignedQuery(
            of: .init(method: "GET", host: host, path: "/test.txt"), validFor: 86_400)
        #expect(
            query == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    private struct Case: Decodable {
        var key, method, region, host, bodyHash, authorization: String
        var token: String?
        var query, headers, presigned: [[String]]
        var expires: Int
    }

    @Test func botocoreSignsTheSame() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Signatures/signatures.json")
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
        #expect(cases.count == 48)
        for row in cases {
            let signer = SignatureV4(
                credentials: ObjectCredentials(
                    keyId: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                    sessionToken: row.token),
                region: row.region, time: try #require(Timestamp("2026-02-28T23:59:58.999Z")))
            let request = SignatureV4.Request(
                method: row.method, host: row.host, path: SignatureV4.path(row.key),
                query: row.query.map { ($0[0], $0[1]) }, headers: row.headers.map { ($0[0], $0[1]) })
            let headers = signer.headers(of: request, bodyHash: row.bodyHash)
            #expect(headers.first { $0.name == "authorization" }?.value == row.authorization, "\(row.key)")
            let query = signer.presignedQuery(of: request, validFor: row.expires)
            let items = try #require(URLComponents(string: "https://h/?\(query)")?.queryItems)
            #expect(items.map { [$0.name, $0.value ?? ""] }.sorted { $0[0] < $1[0] } == row.presigned, "\(row.key)")
        }
    }
}
