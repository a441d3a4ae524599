// swift-tools-version: 6.0
import PackageDescription

/// Every endpoint, by the name of its executable: `list-workspaces` lives in
/// `Functions/ListWorkspaces`. A test fails when a folder and this list disagree.
let functions = [
    "register", "login", "refresh-token", "logout", "get-me", "update-me",
    "create-api-key", "list-api-keys", "delete-api-key",
    "list-workspaces", "create-workspace", "get-workspace", "update-workspace", "delete-workspace",
    "list-members", "add-member", "remove-member",
    "upload-document", "create-upload", "list-documents", "get-document", "get-document-content",
    "list-document-chunks", "update-document", "delete-document", "list-metadata-keys",
    "search-documents", "search-workspaces", "send-message", "list-conversations", "get-conversation",
    "update-conversation", "delete-conversation", "list-messages",
    "list-users", "create-user", "get-user", "update-user", "delete-user",
    "list-webhooks", "create-webhook", "get-webhook", "update-webhook", "delete-webhook",
    "test-webhook", "list-deliveries", "retry-delivery", "run-jobs", "backup", "check-index",
    "transfer", "health", "system-info", "openapi", "docs",
]

/// `NEXLAYER_TLS=openssl make build` links OpenSSL, so that connections to PostgreSQL can use TLS.
let linksOpenSSL = Context.environment["NEXLAYER_TLS"] == "openssl"

/// What functions import beside `Endpoint`, `Models` and the modules below these. A function links only the modules
/// that it can import.
let imports: [String: [Target.Dependency]] = [
    "create-webhook": ["Webhooks"], "update-webhook": ["Webhooks"], "test-webhook": ["Webhooks"],
    "upload-document": ["Ingestion"], "search-documents": ["Search"], "search-workspaces": ["Search"],
    "send-message": ["Answering"],
    "run-jobs": ["Backups", "Embedding", "Ingestion", "Jobs", "Webhooks"], "backup": ["Backups"],
    "health": ["Backups", "Embedding", "Providers"], "system-info": ["Embedding", "Providers"],
]

func folder(of function: String) -> String {
    "Functions/" + function.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
}

func shared(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(name)")
}

func runner(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Runner/\(name)", exclude: exclude)
}

/// What functions share: what is lower comes first.
let modules: [Target] = [
    .systemLibrary(name: "COpenSSL", path: "Shared/COpenSSL", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSQLite", path: "Shared/CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CPlatform", path: "Shared/CPlatform", linkerSettings: [.linkedLibrary("crypt")]),
    // Tests are built for debugging, and would wait minutes for kernels that are not optimised.
    .target(
        name: "CEmbedding", path: "Shared/CEmbedding",
        cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
    shared("Wire", ["CPlatform"]),
    shared("Crypto", ["CPlatform"]),
    shared("Archive"),
    shared("Language", ["Wire"]),
    shared("Platform", ["CPlatform", "Wire"]),
    shared("HTTP", ["Wire"]),
    shared("Outbound", ["CPlatform", "HTTP", "Platform", "Wire"]),
    .target(
        name: "Postgres",
        dependencies: ["CPlatform", "Crypto", "Platform", "Wire"] + (linksOpenSSL ? ["COpenSSL"] : []),
        path: "Shared/Postgres", swiftSettings: linksOpenSSL ? [.define("OPENSSL")] : []),
    shared("Models", ["HTTP", "Wire"]),
    shared("Providers", ["Models", "Outbound", "Platform", "Wire"]),
    shared("Embedding", ["CEmbedding", "Models", "Outbound", "Platform", "Providers"]),
    shared("FunctionRuntime", ["CPlatform", "HTTP", "Models", "Platform", "Wire"]),
    shared(
        "Storage",
        [
            "CPlatform", "CSQLite", "Crypto", "HTTP", "Language", "Models", "Outbound", "Platform", "Postgres", "Wire",
        ]),
    shared("Backups", ["CPlatform", "Crypto", "Models", "Platform", "Storage", "Wire"]),
    shared("Accounts", ["CPlatform", "Crypto", "Models", "Storage", "Wire"]),
    shared("Jobs", ["Platform", "Storage"]),
    shared("Extraction", ["Archive", "Language", "Models", "Platform", "Wire"]),
    shared("Ingestion", ["Crypto", "Extraction", "Language", "Models", "Storage", "Wire"]),
    shared("Search", ["Embedding", "Language", "Models", "Platform", "Providers", "Storage", "Wire"]),
    shared("Answering", ["Embedding", "Language", "Models", "Providers", "Search", "Storage", "Wire"]),
    shared("Webhooks", ["Crypto", "Models", "Outbound", "Platform", "Storage", "Wire"]),
    shared(
        "Endpoint",
        ["Accounts", "Crypto", "FunctionRuntime", "HTTP", "Language", "Models", "Platform", "Storage", "Wire"]),
]

/// The modules and everything below them. SwiftPM recompiles a target when a module in its list has changed, and code
/// of any of these may have been inlined into a function.
@MainActor func closure(_ dependencies: [Target.Dependency]) -> [Target.Dependency] {
    var names: Set<String> = []
    func add(_ dependencies: [Target.Dependency]) {
        for case .byNameItem(let name, _) in dependencies where names.insert(name).inserted {
            add(modules.first { $0.name == name }?.dependencies ?? [])
        }
    }
    add(dependencies)
    return names.sorted().map { .byName(name: $0) }
}

let package = Package(
    name: "AINexLayer",
    targets: modules + [
        runner("Masking", ["HTTP", "Wire"]),
        runner("Gateway", ["CPlatform", "HTTP", "Platform", "Wire"]),
        runner("Inspector", ["Gateway", "Masking", "Wire"], exclude: ["Page"]),
        runner("Recording", ["Gateway", "Masking", "Platform", "Wire"]),
        runner("Commands", ["CPlatform", "Gateway", "HTTP", "Inspector", "Platform", "Recording", "Wire"]),
        .executableTarget(
            name: "runner", dependencies: ["Commands", "Gateway", "Inspector", "Platform", "Recording"],
            path: "Runner/Main"),
        .executableTarget(
            name: "echo", dependencies: ["Crypto", "FunctionRuntime", "Models", "Wire"], path: "Tests/Echo"),
        .executableTarget(name: "embed", dependencies: ["Embedding"], path: "Tests/Embed"),
        .executableTarget(name: "connect", dependencies: closure(["Postgres"]), path: "Tests/Connect"),
        .testTarget(
            name: "FunctionTests", dependencies: ["TestSupport", "Wire"], path: "Tests/FunctionTests",
            exclude: ["Snapshots"]),
        .testTarget(name: "RunnerTests", dependencies: ["Commands", "TestSupport"], path: "Tests/RunnerTests"),
        .testTarget(name: "GatewayTests", dependencies: ["Gateway", "Wire"], path: "Tests/GatewayTests"),
        .testTarget(
            name: "FunctionRuntimeTests", dependencies: ["FunctionRuntime", "Models", "Wire"],
            path: "Tests/FunctionRuntimeTests"),
        .testTarget(name: "PlatformTests", dependencies: ["Platform", "Wire"], path: "Tests/PlatformTests"),
        .testTarget(name: "TestSupport", dependencies: ["Platform"], path: "Tests/TestSupport", exclude: ["Python"]),
        .testTarget(
            name: "OutboundTests", dependencies: ["Outbound", "TestSupport", "Wire"], path: "Tests/OutboundTests"),
        .testTarget(
            name: "ProvidersTests", dependencies: ["Models", "Outbound", "Providers", "TestSupport", "Wire"],
            path: "Tests/ProvidersTests"),
        .testTarget(
            name: "EmbeddingTests", dependencies: ["Embedding", "Models", "TestSupport"], path: "Tests/EmbeddingTests",
            exclude: ["golden.json"]),
        .testTarget(name: "LanguageTests", dependencies: ["Language"], path: "Tests/LanguageTests"),
        .testTarget(name: "ModelsTests", dependencies: ["Models", "Wire"], path: "Tests/ModelsTests"),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Crypto", "Language", "Models", "Platform", "Storage", "TestSupport", "Wire"],
            path: "Tests/StorageTests", exclude: ["Signatures"]),
        .testTarget(
            name: "JobTests", dependencies: ["Jobs", "Models", "Platform", "Storage", "TestSupport", "Wire"],
            path: "Tests/JobTests"),
        .testTarget(
            name: "PostgresTests", dependencies: ["Crypto", "Platform", "Postgres", "TestSupport", "Wire"],
            path: "Tests/PostgresTests"),
        .testTarget(name: "WireTests", dependencies: ["Wire"], path: "Tests/WireTests"),
        .testTarget(
            name: "CryptoTests", dependencies: ["Crypto", "Wire"], path: "Tests/CryptoTests", exclude: ["Vectors"]),
        .testTarget(
            name: "EndpointTests",
            dependencies: [
                "Endpoint", "FunctionRuntime", "HTTP", "Models", "Storage", "TestSupport", "Wire", "create-workspace",
                "get-workspace", "list-workspaces", "search-documents", "send-message", "update-workspace",
                "upload-document",
            ],
            path: "Tests/EndpointTests"),
        .testTarget(
            name: "AccountsTests", dependencies: ["Accounts", "Crypto", "Models", "Wire"], path: "Tests/AccountsTests"),
        .testTarget(name: "WebhooksTests", dependencies: ["Models", "Webhooks", "Wire"], path: "Tests/WebhooksTests"),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], path: "Tests/HTTPTests"),
        .testTarget(
            name: "ArchiveTests", dependencies: ["Archive", "Platform", "TestSupport"], path: "Tests/ArchiveTests"),
        .testTarget(
            name: "ExtractionTests", dependencies: ["Extraction", "Models", "Platform", "TestSupport", "Wire"],
            path: "Tests/ExtractionTests", exclude: ["Documents"]),
        .testTarget(
            name: "AnsweringTests", dependencies: ["Answering", "Embedding", "Extraction", "Language", "Models"],
            path: "Tests/AnsweringTests"),
    ]
        + functions.map { function in
            .executableTarget(
                name: function, dependencies: closure(["Endpoint", "Models"] + (imports[function] ?? [])),
                path: folder(of: function),
                exclude: function == "docs" ? ["Page"] : [])
        }
)
