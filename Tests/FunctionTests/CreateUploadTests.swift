import Testing

/// Uploads that clients send to S3 by themselves. `Tests/Objects` has the whole of it, against a store.
@Suite struct CreateUploadTests {
    private let installation: Installation
    private let token: String
    private let workspace: String
    private let sha256 = String(repeating: "0a", count: 32)

    init() throws {
        installation = try Installation(environment: [
            "BLOBS": "s3://bucket/team?region=eu-central-1", "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "MAX_UPLOAD_BYTES": "1000",
        ])
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }

    @Test func givesAURLForTheseBytesOnly() throws {
        let answer = try call(["size": 1000, "sha256": sha256], token: token)
        #expect(answer.status == 201)
        let url = try #require(answer.data["url"] as? String)
        let upload = try #require(answer.data["uploadId"] as? String)
        #expect(url.hasPrefix("https://bucket.s3.eu-central-1.amazonaws.com/team/uploads/\(upload)?X-Amz-Algorithm="))
        #expect(url.contains("X-Amz-SignedHeaders=content-length%3Bhost%3Bx-amz-checksum-sha256"))
        #expect(!url.contains("secret"))
        let headers = try #require(answer.data["headers"] as? [String: String])
        #expect(headers == ["x-amz-checksum-sha256": "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo="])
    }

    @Test func refusesWhatIsNoFile() throws {
        for body: [String: Any] in [
            [:], ["size": 0, "sha256": sha256], ["size": 1, "sha256": sha256.uppercased()],
            ["size": 1, "sha256": "0a"], ["size": "1", "sha256": sha256],
        ] {
            #expect(try call(body, token: token).status == 422, "\(body)")
        }
        #expect(try call(["size": 1001, "sha256": sha256], token: token).status == 413)
    }

    @Test func refusesStrangers() throws {
        #expect(try call(["size": 1, "sha256": sha256], token: nil).status == 401)
        let stranger = try installation.register("stranger@example.com")
        #expect(try call(["size": 1, "sha256": sha256], token: stranger).status == 404)
    }

    private func call(_ body: [String: Any], token: String?) throws -> Answer {
        try installation.call("create-upload", token: token, path: ["workspaceId": workspace], body: body)
    }
}
