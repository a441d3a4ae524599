import Platform
import Wire

/// The environment in which functions run.
package final class ChildEnvironment {
    /// The variables that any program needs.
    package static let commonNames = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"]
    /// The variables that functions read.
    package static let names =
        [
            "DATA_DIR", "PGPASSWORD", "PGPASSFILE", "JWT_SECRET", "REGISTRATION", "ACCESS_TOKEN_TTL", "TRUSTED_PROXIES",
            "CORS_ORIGINS", "EMBEDDING", "BLOBS", "RATE_LIMITS",
        ]
        + Environment.proxyNames + Environment.certificateNames
    /// The prefixes of further variables that functions read.
    package static let prefixes = [
        "MAX_", "RATE_LIMIT_", "LLM_", "WEBHOOK_", "WEBHOOKS_", "BACKUP_", "SEARCH_", "DATABASE_", "PDF_", "REFRESH_",
        "QUOTA_", "MIN_FREE_", "EMBEDDING_", "RERANK_", "BLOBS_",
    ]
    /// What functions read of AWS's variables where `BLOBS` is a store of objects.
    private static let objectNames = [
        "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ]

    let variables: ChildVariables

    /// - Parameter additional: names of more variables to pass on (`--env`).
    package init(_ environment: [String: String], dataDirectory: String, basePath: String, additional: [String]) {
        let objectNames = environment["BLOBS"]?.starts(withBytes: "s3://") == true ? Self.objectNames : []
        var passed = environment.filter { name, _ in
            Self.names.contains(name) || objectNames.contains(name) || Self.commonNames.contains(name)
                || additional.contains(name)
                || Self.prefixes.contains { name.starts(withBytes: $0) }
        }
        passed["DATA_DIR"] = dataDirectory
        // An empty value would count as not set.
        passed["BASE_PATH"] = basePath.isEmpty ? "/" : basePath
        passed["NEXLAYER_RUNNER"] = "1"
        variables = ChildVariables(passed)
    }
}
