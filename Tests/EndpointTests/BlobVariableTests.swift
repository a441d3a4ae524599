import Storage
import Testing

@testable import Endpoint

/// `BLOBS`, and where the credentials for it come from.
struct BlobVariableTests {
    private static let keys = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"]

    private func location(_ blobs: String, _ more: [String: String] = keys) throws -> BlobLocation {
        try Configuration(environment: { $0 == "BLOBS" ? blobs : more[$0] }).blobs
    }

    private func objects(_ blobs: String, _ more: [String: String] = keys) throws -> ObjectLocation {
        guard case .objects(let objects) = try location(blobs, more) else {
            throw Configuration.Problem(description: "")
        }
        return objects
    }

    @Test func filesAreTheDefault() throws {
        #expect(try location("").kind == "files" && location("files").kind == "files")
        #expect(try location("database").kind == "database")
        let shared = ["DATABASE_URL": "postgres://nexlayer@db.example/nexlayer"]
        #expect(try location("", shared).kind == "database" && location("files", shared).kind == "files")
    }

    @Test(arguments: [
        ("s3://bucket", "bucket", "", "us-east-1", nil), ("s3://bucket/", "bucket", "", "us-east-1", nil),
        ("s3://bucket/a/b/?region=eu-central-1", "bucket", "a/b/", "eu-central-1", nil),
        ("s3://my.bucket/a%20b%3D%2B+*", "my.bucket", "a b=++*/", "us-east-1", nil),
        (
            "s3://b-1/ä%3F?endpoint=http%3A%2F%2F127.0.0.1%3A9000&region=auto", "b-1", "ä?/", "auto",
            "http://127.0.0.1:9000"
        ),
        ("s3://b-1?endpoint=https://Store.Example:443/", "b-1", "", "us-east-1", "https://store.example"),
        ("s3://b-1?endpoint=http://store.example:80", "b-1", "", "us-east-1", "http://store.example"),
    ]) func aBucketIsRead(text: String, bucket: String, prefix: String, region: String, endpoint: String?) throws {
        let found = try objects(text)
        #expect(found.bucket == bucket && found.prefix == prefix && found.region == region)
        #expect(found.endpoint == endpoint && found.redirectsFrom == 4 << 20)
    }

    @Test(arguments: [
        "s4://bucket", "S3", "s3://", "s3://ab", "s3://bu_cket!", "s3://bucket/a//b", "s3://bucket/../b",
        "s3://bucket/%2E",
        "s3://bucket/a%0Ab", "s3://bucket?region=", "s3://bucket?region=a/b", "s3://bucket?color=red",
        "s3://bucket?endpoint=ftp://x", "s3://bucket?endpoint=http://", "s3://bucket?endpoint=http://a@b",
        "s3://bucket?endpoint=http://a/path", "s3://bucket?endpoint=http://a%20b",
    ]) func whatIsNoBucketIsRefused(text: String) {
        #expect(throws: Configuration.Problem.self) { try location(text) }
    }

    @Test func theRegionMayBeThatOfTheEnvironment() throws {
        #expect(try objects("s3://bucket", Self.keys.merging(["AWS_REGION": "eu-west-3"]) { $1 }).region == "eu-west-3")
        #expect(
            try objects("s3://bucket", Self.keys.merging(["BLOBS_REDIRECT_BYTES": "0"]) { $1 }).redirectsFrom == nil)
    }

    @Test func credentialsAreOnesOrComeFromAContainer() throws {
        guard case .fixed(let fixed) = try objects("s3://bucket").credentials else { return #expect(Bool(false)) }
        #expect(fixed == ObjectCredentials(keyId: "AKID", secretKey: "secret"))
        func url(_ variables: [String: String]) throws -> String? {
            guard case .container(let url, _, _) = try objects("s3://bucket", variables).credentials else { return nil }
            return url
        }
        #expect(
            try url(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1"])
                == "http://169.254.170.2/v2/credentials/1")
        for address in [
            "https://vault.example/x", "http://127.0.0.1:9/x", "http://[fd00:ec2::23]/v1", "http://localhost",
        ] {
            #expect(try url(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address]) == address)
        }
        for address in ["http://vault.example/x", "http://127.0.0.1.evil.example/x", "ftp://x", "http://localhost@x/"] {
            #expect(throws: Configuration.Problem.self) { try url(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address]) }
        }
        #expect(throws: Configuration.Problem.self) { try location("s3://bucket", [:]) }
        #expect(throws: Configuration.Problem.self) { try location("s3://bucket", ["AWS_ACCESS_KEY_ID": "AKID"]) }
    }
}
