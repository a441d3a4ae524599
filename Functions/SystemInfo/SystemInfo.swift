import Embedding
import Endpoint
import Models
import Providers
import Storage
import Wire

/// Returns the version, contents and configuration of the installation, to administrators only.
@main struct SystemInfo: Function {
    static let route = Route.get("/system/info", tag: "System", summary: "Show the installation")
    static let access = Access.administrator

    static func handle(_ input: NoInput, by _: Principal, in call: Call) throws -> InstallationReport {
        InstallationReport(counts: try call.store.counts(), configuration: call.configuration)
    }
}

struct InstallationReport: DataReply {
    let counts: Store.Counts
    let configuration: Configuration

    static var schema: JSON {
        [
            "title": "SystemInfo", "type": "object",
            "required": ["version", "build", "platform", "counts", "bytesStored", "providers", "limits"],
            "properties": [
                "version": String.schema, "build": String.schema, "platform": String.schema,
                "counts": ["type": "object", "additionalProperties": Int.schema],
                "bytesStored": Int.schema, "providers": ["type": "object", "additionalProperties": String.schema],
                "limits": ["type": "object", "additionalProperties": Int.schema],
            ],
        ]
    }

    func write(to writer: inout JSONWriter) { writer.value(json) }

    private var json: JSON {
        let limits = configuration.rateLimits
        return [
            "version": .string(productVersion), "build": .string(BuildTarget.build),
            "platform": .string(BuildTarget.name),
            "counts": [
                "users": .int(counts.users), "workspaces": .int(counts.workspaces), "documents": .int(counts.documents),
                "chunks": .int(counts.passages), "conversations": .int(counts.conversations),
                "messages": .int(counts.messages), "webhooks": .int(counts.webhooks),
                "pendingDeliveries": .int(counts.pendingDeliveries),
            ],
            "bytesStored": .int(counts.bytesStored),
            "providers": providers,
            "limits": [
                "maxUploadBytes": .int(Int64(configuration.maximumUpload)),
                "maxBodyBytes": .int(Int64(configuration.maximumBody)),
                "rateLimitAuth": .int(Int64(limits.authentication)), "rateLimitGeneral": .int(Int64(limits.general)),
                "rateLimitUpload": .int(Int64(limits.upload)), "rateLimitChat": .int(Int64(limits.chat)),
                "accessTokenTtl": .int(Int64(configuration.accessTokenLifetime)),
                "refreshTokenTtl": .int(Int64(configuration.refreshTokenLifetime)),
            ],
        ]
    }
}

extension InstallationReport {
    private var providers: JSON {
        var providers: JSONObject = ["llm": .string(LanguageModels.name(configuration.model))]
        let embedding = self.embedding
        providers["embedding"] = .string(embedding.provider)
        if let model = embedding.model { providers["embeddingModel"] = .string(model) }
        if configuration.reranker != nil { providers["reranker"] = .string(RerankClient.providerName) }
        return .object(providers)
    }

    /// Who embeds texts, and the name of the model: `off` if nobody should, `failed` if the model cannot be used.
    private var embedding: (provider: String, model: String?) {
        switch configuration.embedding {
        case .off: return ("off", nil)
        case .builtIn(let file):
            switch BuiltInModel.state(file) {
            case .ready(let model): return ("built-in", model.name)
            case .missing: return ("off", nil)
            case .failed: return ("failed", BuiltInModel.name)
            }
        case .remote(let service): return (EmbeddingsClient.providerName, service.model)
        }
    }
}

/// The target that this executable was built for.
enum BuildTarget {
    #if DEBUG
        static let build = "debug"
    #else
        static let build = "release"
    #endif

    #if arch(x86_64)
        static let name = "linux-x86_64"
    #elseif arch(arm64)
        static let name = "linux-arm64"
    #else
        static let name = "linux"
    #endif
}
