import FunctionRuntime
import HTTP
import Models
import Storage
import Wire

/// The settings of an installation, as a pure function of the environment.
public struct Configuration: Sendable {
    public var dataDirectory = "./data"
    /// The prefix of every path; may be empty.
    public var basePath = "/api/v1"
    public var jwtSecret: String?
    public var isRegistrationOpen = true
    public var accessTokenLifetime = 3600
    public var refreshTokenLifetime = 30 * 24 * 3600
    /// How long a used refresh token keeps returning its successor, in seconds.
    public var refreshGrace = 30
    public var maximumUpload = 50 << 20
    public var maximumBody = 1 << 20
    /// The maximum size of the documents of one workspace, and of one account, in bytes. A limit per workspace alone
    /// could be evaded by creating more workspaces.
    public var quota: Int?
    /// The maximum number of API keys of an account.
    public var maximumAPIKeys = 50
    /// The maximum processor time of a search, in milliseconds; 0 for no limit.
    public var searchBudget = 1000
    public var databaseTimeout = 5000
    /// The PostgreSQL server with the database; nil for a file in the data folder.
    public var databaseServer: DatabaseServer?
    /// After how many seconds without a request a process disconnects from the server; nil for never.
    public var databaseIdle: Int?
    /// Where the bytes of uploaded files are.
    public var blobs = BlobLocation.files
    public var pdf = PDF()
    /// How many bytes uploads must leave free on the disk; nil for 32 MiB, or a tenth of a small disk.
    public var minimumFree: Int?
    /// Requests per minute; 0 for no limit.
    public var rateLimits = RateLimits()
    /// Whether requests are counted in the database, for all machines together.
    public var sharesLimits = false
    /// The proxies whose `X-Forwarded-For` is trusted.
    public var trustedProxies: [AddressBlock] = []
    /// The origins whose web pages may call the API.
    public var allowedOrigins = AllowedOrigins()

    /// How webhooks are sent.
    public var webhooks = WebhookPolicy()
    /// The maximum number of webhooks per workspace. Webhooks of the whole installation are unlimited.
    public var webhooksPerWorkspace = 20
    /// Per webhook: how many finished deliveries are kept, and how many may be pending.
    public var webhookHistory = 10_000
    public var webhookBacklog = 100_000
    /// Where backups are stored, and when one is due.
    public var backups = BackupPolicy()
    /// The language model; nil for the built-in answerer.
    public var model: ModelConfiguration?
    /// Who embeds texts for semantic search.
    public var embedding = EmbeddingConfiguration.builtIn(file: nil)
    /// The service that orders search results anew; nil for none.
    public var reranker: RerankService?

    public struct RateLimits: Sendable {
        public var authentication = 5
        /// Attempts to log in or register from one address, for all accounts together.
        public var address = 100
        public var general = 100
        public var upload = 10
        public var chat = 50
    }

    /// The limits for reading one PDF, and how many are read at the same time.
    public struct PDF: Sendable {
        public var timeoutSeconds = 15
        public var maximumMemory = 256 << 20
        /// Nil for half the processors.
        public var slots: Int?
    }

    /// An invalid variable: its name and the valid values, but never its value, which may be a secret.
    public struct Problem: Error, CustomStringConvertible {
        public var description: String
    }

    /// - Parameter environment: returns a variable's value, or nil if it is not set.
    public init(environment: @escaping (String) -> String?) throws(Problem) {
        let reader = Reader(environment: environment)
        dataDirectory = reader.text("DATA_DIR") ?? dataDirectory
        basePath = try reader.basePath() ?? basePath
        jwtSecret = reader.text("JWT_SECRET")
        if let jwtSecret, jwtSecret.utf8.count < 32 {
            throw Problem(
                description: "JWT_SECRET must have at least 32 bytes; `openssl rand -base64 48` makes a good one")
        }
        isRegistrationOpen = try reader.word("REGISTRATION", ["open": true, "closed": false]) ?? isRegistrationOpen
        accessTokenLifetime = try reader.number("ACCESS_TOKEN_TTL", "seconds", 1...31_536_000) ?? accessTokenLifetime
        refreshTokenLifetime =
            try reader.number("REFRESH_TOKEN_TTL", "seconds", 1...315_360_000) ?? refreshTokenLifetime
        refreshGrace = try reader.number("REFRESH_GRACE_SECONDS", "seconds", 0...300) ?? refreshGrace
        quota = try reader.number("QUOTA_BYTES", "bytes", 0...1 << 50).flatMap { $0 == 0 ? nil : $0 }
        maximumAPIKeys = try reader.number("MAX_API_KEYS", "keys", 1...10_000) ?? maximumAPIKeys
        searchBudget = try reader.number("SEARCH_BUDGET_MS", "milliseconds", 0...30_000) ?? searchBudget
        maximumUpload = try reader.number("MAX_UPLOAD_BYTES", "bytes", 1...1 << 30) ?? maximumUpload
        maximumBody = try reader.number("MAX_BODY_BYTES", "bytes", 1024...1 << 30) ?? maximumBody
        rateLimits.authentication = try reader.limit("RATE_LIMIT_AUTH") ?? rateLimits.authentication
        // If attempts per account are unlimited, so are these.
        rateLimits.address =
            try reader.limit("RATE_LIMIT_LOGIN_ADDRESS")
            ?? (rateLimits.authentication == 0 ? 0 : rateLimits.address)
        rateLimits.general = try reader.limit("RATE_LIMIT_GENERAL") ?? rateLimits.general
        rateLimits.upload = try reader.limit("RATE_LIMIT_UPLOAD") ?? rateLimits.upload
        rateLimits.chat = try reader.limit("RATE_LIMIT_CHAT") ?? rateLimits.chat
        trustedProxies = try reader.list("TRUSTED_PROXIES", "addresses or ranges such as 10.0.0.0/8", AddressBlock.init)
        guard let origins = AllowedOrigins(list: reader.text("CORS_ORIGINS") ?? "") else {
            throw Problem(
                description:
                    "CORS_ORIGINS must be a list of origins such as https://app.example.com, or *, separated by commas")
        }
        allowedOrigins = origins
        webhooks.allowsPrivate =
            try reader.word("WEBHOOK_ALLOW_PRIVATE", ["1": true, "0": false]) ?? webhooks.allowsPrivate
        webhooks.timeoutSeconds = try reader.number("WEBHOOK_TIMEOUT", "seconds", 1...60) ?? webhooks.timeoutSeconds
        webhooks.leaseSlackSeconds =
            try reader.number("WEBHOOK_LEASE_SLACK", "seconds", 1...3600) ?? webhooks.leaseSlackSeconds
        webhooks.concurrency =
            try reader.number("WEBHOOK_CONCURRENCY", "deliveries at once", 1...1000) ?? webhooks.concurrency
        webhooksPerWorkspace =
            try reader.number("WEBHOOKS_PER_WORKSPACE", "webhooks", 0...100_000) ?? webhooksPerWorkspace
        webhookHistory = try reader.number("WEBHOOK_HISTORY", "deliveries", 0...100_000_000) ?? webhookHistory
        webhookBacklog = try reader.number("WEBHOOK_BACKLOG", "deliveries", 1...100_000_000) ?? webhookBacklog
        let retries = try reader.list("WEBHOOK_RETRIES", "seconds to wait before each further attempt") { text in
            Int(text).flatMap { (0...604_800).contains($0) ? $0 : nil }
        }
        if !retries.isEmpty { webhooks.retrySeconds = retries }
        databaseTimeout = try reader.number("DATABASE_TIMEOUT_MS", "milliseconds", 0...600_000) ?? databaseTimeout
        databaseServer = try reader.databaseServer()
        databaseIdle = try reader.databaseIdle(databaseServer)
        sharesLimits = try reader.sharesLimits(databaseServer)
        pdf.timeoutSeconds = try reader.number("PDF_TIMEOUT_SECONDS", "seconds", 1...110) ?? pdf.timeoutSeconds
        pdf.maximumMemory =
            try reader.number("PDF_MAX_MEMORY_BYTES", "bytes", 64 << 20...1 << 40) ?? pdf.maximumMemory
        pdf.slots = try reader.number("PDF_SLOTS", "documents", 1...1024)
        backups = try reader.backups()
        blobs = try reader.blobs()
        minimumFree = try reader.number("MIN_FREE_BYTES", "bytes", 0...1 << 50)
        model = try reader.model()
        embedding = try reader.embedding()
        reranker = try reader.reranker()
    }

    struct Reader {
        let environment: (String) -> String?

        /// An empty variable counts as not set.
        func text(_ name: String) -> String? {
            environment(name).flatMap { $0.isEmpty ? nil : $0 }
        }

        func number(_ name: String, _ unit: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
            guard let text = text(name) else { return nil }
            guard let number = Int(text), range.contains(number) else {
                throw Problem(
                    description:
                        "\(name) must be a whole number of \(unit) from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }

        func limit(_ name: String) throws(Problem) -> Int? { try number(name, "requests a minute", 0...1_000_000) }

        func basePath() throws(Problem) -> String? {
            guard let text = text("BASE_PATH") else { return nil }
            guard let path = BasePath.parse(text) else {
                throw Problem(description: "BASE_PATH must be \(BasePath.expectation)")
            }
            return path
        }

        /// Values separated by commas or spaces.
        func list<T>(_ name: String, _ what: String, _ make: (String) -> T?) throws(Problem) -> [T] {
            var values: [T] = []
            for word in (text(name) ?? "").listItems {
                guard let value = make(word) else {
                    throw Problem(description: "\(name) must be a list of \(what), separated by commas")
                }
                values.append(value)
            }
            return values
        }

        func word<T>(_ name: String, _ words: @autoclosure () -> KeyValuePairs<String, T>) throws(Problem) -> T? {
            guard let text = text(name) else { return nil }
            let words = words()
            guard let found = words.first(where: { $0.key == text }) else {
                throw Problem(description: "\(name) must be one of: \(words.map(\.key).joined(separator: ", "))")
            }
            return found.value
        }
    }
}
