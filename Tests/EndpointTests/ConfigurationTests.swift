import HTTP
import Models
import Testing
import Wire

@testable import Endpoint

/// `Configuration` is a pure function of the environment: every variable, its default, its bounds, and what is said
/// when it cannot be understood.
struct ConfigurationTests {
    private func configuration(_ variables: [String: String] = [:]) throws -> Configuration {
        try Configuration(environment: { variables[$0] })
    }

    /// What is said of variables that cannot be understood; nil when they can.
    private func problem(_ variables: [String: String]) -> String? {
        do {
            _ = try configuration(variables)
            return nil
        } catch { return "\(error)" }
    }

    /// A whole number: its variable, bounds, default, and where it goes.
    private struct Number: Sendable {
        let name: String
        let range: ClosedRange<Int>
        let standard: Int?
        let read: @Sendable (Configuration) -> Int?
    }

    private static let numbers = [
        Number(name: "ACCESS_TOKEN_TTL", range: 1...31_536_000, standard: 3600) { $0.accessTokenLifetime },
        Number(name: "REFRESH_TOKEN_TTL", range: 1...315_360_000, standard: 2_592_000) { $0.refreshTokenLifetime },
        Number(name: "REFRESH_GRACE_SECONDS", range: 0...300, standard: 30) { $0.refreshGrace },
        Number(name: "MAX_API_KEYS", range: 1...10_000, standard: 50) { $0.maximumAPIKeys },
        Number(name: "SEARCH_BUDGET_MS", range: 0...30_000, standard: 1000) { $0.searchBudget },
        Number(name: "MAX_UPLOAD_BYTES", range: 1...1 << 30, standard: 50 << 20) { $0.maximumUpload },
        Number(name: "MAX_BODY_BYTES", range: 1024...1 << 30, standard: 1 << 20) { $0.maximumBody },
        Number(name: "MIN_FREE_BYTES", range: 0...1 << 50, standard: nil) { $0.minimumFree },
        Number(name: "RATE_LIMIT_AUTH", range: 0...1_000_000, standard: 5) { $0.rateLimits.authentication },
        Number(name: "RATE_LIMIT_LOGIN_ADDRESS", range: 0...1_000_000, standard: 100) { $0.rateLimits.address },
        Number(name: "RATE_LIMIT_GENERAL", range: 0...1_000_000, standard: 100) { $0.rateLimits.general },
        Number(name: "RATE_LIMIT_UPLOAD", range: 0...1_000_000, standard: 10) { $0.rateLimits.upload },
        Number(name: "RATE_LIMIT_CHAT", range: 0...1_000_000, standard: 50) { $0.rateLimits.chat },
        Number(name: "WEBHOOK_TIMEOUT", range: 1...60, standard: 10) { $0.webhooks.timeoutSeconds },
        Number(name: "WEBHOOK_LEASE_SLACK", range: 1...3600, standard: 20) { $0.webhooks.leaseSlackSeconds },
        Number(name: "WEBHOOK_CONCURRENCY", range: 1...1000, standard: 16) { $0.webhooks.concurrency },
        Number(name: "WEBHOOKS_PER_WORKSPACE", range: 0...100_000, standard: 20) { $0.webhooksPerWorkspace },
        Number(name: "WEBHOOK_HISTORY", range: 0...100_000_000, standard: 10_000) { $0.webhookHistory },
        Number(name: "WEBHOOK_BACKLOG", range: 1...100_000_000, standard: 100_000) { $0.webhookBacklog },
        Number(name: "DATABASE_TIMEOUT_MS", range: 0...600_000, standard: 5000) { $0.databaseTimeout },
        Number(name: "PDF_TIMEOUT_SECONDS", range: 1...110, standard: 15) { $0.pdf.timeoutSeconds },
        Number(name: "PDF_MAX_MEMORY_BYTES", range: 64 << 20...1 << 40, standard: 256 << 20) { $0.pdf.maximumMemory },
        Number(name: "PDF_SLOTS", range: 1...1024, standard: nil) { $0.pdf.slots },
        Number(name: "BACKUP_KEEP", range: 1...10_000, standard: 7) { $0.backups.keep },
    ]

    @Test func numbersAreReadWithinTheirBounds() throws {
        for number in Self.numbers {
            #expect(number.read(try configuration()) == number.standard, "\(number.name) by default")
            #expect(number.read(try configuration([number.name: ""])) == number.standard, "\(number.name) when empty")
            for value in [number.range.lowerBound, number.range.upperBound] {
                let read = number.read(try configuration([number.name: String(value)]))
                #expect(read == value, "\(number.name)=\(value)")
            }
        }
    }

    /// The message names the variable and its bounds, and never repeats the value, which could be a secret.
    @Test func otherNumbersAreRefused() throws {
        for number in Self.numbers {
            let outside = [number.range.lowerBound - 1, number.range.upperBound + 1].map(String.init)
            for text in outside + ["many", "1.5", " 5", "5 ", "0x10", "1e3", "99999999999999999999", "5\u{301}"] {
                let message = problem([number.name: text])
                let expected = [number.name, String(number.range.lowerBound), String(number.range.upperBound)]
                #expect(
                    message.map { said in expected.allSatisfy { said.contains($0) } } == true, "\(number.name)=\(text)")
            }
            #expect(problem([number.name: "swordfish"])?.contains("swordfish") == false, "\(number.name)")
        }
    }

    @Test(arguments: [
        "DATA_DIR", "BASE_PATH", "JWT_SECRET", "REGISTRATION", "QUOTA_BYTES", "TRUSTED_PROXIES", "CORS_ORIGINS",
        "WEBHOOK_ALLOW_PRIVATE", "WEBHOOK_RETRIES", "BACKUP_DIR", "BACKUP_EVERY", "LLM_BASE_URL", "LLM_MODEL",
        "EMBEDDING", "EMBEDDING_MODEL_FILE", "EMBEDDING_BASE_URL", "RERANK_BASE_URL",
    ])
    func aVariableThatIsEmptyIsNotSet(_ name: String) throws {
        let (empty, unset) = (try configuration([name: ""]), try configuration())
        #expect("\(empty)".replacing(#/0x[0-9a-f]+/#, with: "") == "\(unset)".replacing(#/0x[0-9a-f]+/#, with: ""))
    }

    /// A new variable must be entered in these tests.
    @Test func everyVariableIsTested() throws {
        var asked: Set<String> = []
        let given = [
            "LLM_BASE_URL": "http://localhost/v1", "LLM_MODEL": "m", "BACKUP_DIR": "/b", "BACKUP_EVERY": "1h",
            "EMBEDDING_BASE_URL": "http://localhost/v1", "EMBEDDING_MODEL": "m",
            "RERANK_BASE_URL": "http://localhost/v1", "RERANK_MODEL": "m",
        ]
        _ = try Configuration(environment: { name in
            asked.insert(name)
            return given[name]
        })
        let others = [
            "DATA_DIR", "BASE_PATH", "JWT_SECRET", "REGISTRATION", "QUOTA_BYTES", "TRUSTED_PROXIES", "CORS_ORIGINS",
            "WEBHOOK_ALLOW_PRIVATE", "WEBHOOK_RETRIES", "BACKUP_DIR", "BACKUP_EVERY", "LLM_BASE_URL", "LLM_MODEL",
            "LLM_API_KEY", "LLM_FIRST_TOKEN_SECONDS", "LLM_SILENCE_SECONDS", "LLM_TOTAL_SECONDS", "LLM_TIMEOUT_SECONDS",
            "LLM_MAX_TOKENS", "EMBEDDING", "EMBEDDING_MODEL_FILE", "EMBEDDING_KERNEL", "EMBEDDING_BASE_URL",
            "EMBEDDING_MODEL", "EMBEDDING_API_KEY", "EMBEDDING_DIMENSIONS", "EMBEDDING_QUERY_PREFIX",
            "EMBEDDING_PASSAGE_PREFIX",
            "EMBEDDING_QUERY_SECONDS", "EMBEDDING_BATCH", "EMBEDDING_BATCH_SECONDS", "RERANK_BASE_URL", "RERANK_MODEL",
            "RERANK_API_KEY", "RERANK_SECONDS", "RERANK_CANDIDATES", "DATABASE_URL", "DATABASE_DIRECT_URL",
            "DATABASE_IDLE", "RATE_LIMITS", "BLOBS",
        ]
        #expect(asked == Set(others + Self.numbers.map(\.name)))
    }

    @Test(arguments: [(nil, 60), ("5", 5), ("0", nil)] as [(String?, Int?)])
    func idleConnectionsEnd(_ text: String?, after seconds: Int?) throws {
        var variables = ["DATABASE_IDLE": text].compactMapValues { $0 }
        #expect(try configuration(variables).databaseIdle == nil, "no server")
        variables["DATABASE_URL"] = "postgres://a@localhost/b"
        #expect(try configuration(variables).databaseIdle == seconds)
    }

    @Test func textsAreTakenAsTheyAre() throws {
        let standard = try configuration()
        #expect(standard.dataDirectory == "./data")
        #expect(standard.jwtSecret == nil)
        #expect(try configuration(["DATA_DIR": "/srv/data dir"]).dataDirectory == "/srv/data dir")
        let secret = String(repeating: "s", count: 32)
        #expect(try configuration(["JWT_SECRET": secret]).jwtSecret == secret)
        // Bytes count, not characters.
        #expect(try configuration(["JWT_SECRET": String(repeating: "ß", count: 16)]).jwtSecret != nil)
        let short = String(repeating: "s", count: 31)
        #expect(problem(["JWT_SECRET": short])?.contains("JWT_SECRET") == true)
        #expect(problem(["JWT_SECRET": short])?.contains(short) == false)
    }

    @Test(arguments: [
        (nil, "/api/v1"), ("/", ""), ("/v2", "/v2"), ("/v2/", "/v2"), ("/a/b-c", "/a/b-c"), ("/~x/1.0_y", "/~x/1.0_y"),
    ])
    func aBasePathIsAPath(_ text: String?, _ path: String) throws {
        #expect(try configuration(text.map { ["BASE_PATH": $0] } ?? [:]).basePath == path)
    }

    @Test(arguments: [
        "api", "//", "/a//b", "/a b", "/a%20b", "/..", "/a/../b", "/./a", "/é", "/a?b", "http://x/", "/a{b}",
    ])
    func otherBasePathsAreRefused(_ text: String) {
        #expect(problem(["BASE_PATH": text])?.contains("BASE_PATH") == true)
    }

    @Test func wordsAreOneOfAFew() throws {
        #expect(try configuration().isRegistrationOpen)
        #expect(try configuration(["REGISTRATION": "open"]).isRegistrationOpen)
        #expect(try !configuration(["REGISTRATION": "closed"]).isRegistrationOpen)
        #expect(try !configuration().webhooks.allowsPrivate)
        #expect(try configuration(["WEBHOOK_ALLOW_PRIVATE": "1"]).webhooks.allowsPrivate)
        #expect(try !configuration(["WEBHOOK_ALLOW_PRIVATE": "0"]).webhooks.allowsPrivate)
        for (name, text) in [("REGISTRATION", "Open"), ("REGISTRATION", "no"), ("WEBHOOK_ALLOW_PRIVATE", "yes")] {
            #expect(problem([name: text])?.contains(name) == true, "\(name)=\(text)")
        }
        #expect(problem(["REGISTRATION": "no"])?.contains("open, closed") == true)
    }

    @Test func aQuotaOfZeroIsNone() throws {
        #expect(try configuration().quota == nil)
        #expect(try configuration(["QUOTA_BYTES": "0"]).quota == nil)
        #expect(try configuration(["QUOTA_BYTES": "1000"]).quota == 1000)
        #expect(problem(["QUOTA_BYTES": "-1"])?.contains("QUOTA_BYTES") == true)
    }

    /// An installation that does not limit logins of an account does not limit those of an address either.
    @Test func theLimitOfAnAddressFollowsThatOfLogins() throws {
        #expect(try configuration(["RATE_LIMIT_AUTH": "0"]).rateLimits.address == 0)
        #expect(try configuration(["RATE_LIMIT_AUTH": "7"]).rateLimits.address == 100)
        let both = try configuration(["RATE_LIMIT_AUTH": "0", "RATE_LIMIT_LOGIN_ADDRESS": "3"])
        #expect(both.rateLimits.address == 3)
    }

    @Test(arguments: [
        ("https://a.example", ["https://a.example"]), ("*", ["*"]), (" , ", []),
        ("https://A.example, http://b:8080", ["https://a.example", "http://b:8080"]),
        ("https://a.example http://b", ["https://a.example", "http://b"]),
    ])
    func originsAreSeparatedByCommasOrBlanks(_ text: String, _ origins: [String]) throws {
        #expect(try configuration(["CORS_ORIGINS": text]).allowedOrigins == AllowedOrigins(origins))
    }

    @Test(arguments: ["a.example", "https://a.example/", "https://a.example/app", "ftp://a", "https://", "null"])
    func otherOriginsAreRefused(_ text: String) {
        #expect(problem(["CORS_ORIGINS": text])?.contains("CORS_ORIGINS") == true)
    }

    @Test func proxiesAreAddressesOrRanges() throws {
        #expect(try configuration().trustedProxies.isEmpty)
        #expect(try configuration(["TRUSTED_PROXIES": "10.0.0.0/8,::1 192.0.2.1"]).trustedProxies.count == 3)
        for text in ["10.0.0.0/33", "10.0.0", "proxy.example", "::1/129", "10.0.0.0/", "10.0.0.0/8/8"] {
            #expect(problem(["TRUSTED_PROXIES": text])?.contains("TRUSTED_PROXIES") == true, "\(text)")
        }
    }

    @Test func retriesAreSecondsInTheirOrder() throws {
        let standard = try configuration().webhooks.retrySeconds
        #expect(!standard.isEmpty)
        #expect(try configuration(["WEBHOOK_RETRIES": "1,60, 604800"]).webhooks.retrySeconds == [1, 60, 604_800])
        for text in ["1,x", "-1", "604801", "1.5"] {
            #expect(problem(["WEBHOOK_RETRIES": text])?.contains("WEBHOOK_RETRIES") == true, "\(text)")
        }
    }

    @Test(arguments: [("90", 90), ("30m", 1800), ("24h", 86_400), ("7d", 604_800), ("45s", 45), ("365d", 31_536_000)])
    func backupsAreDueAfterATime(_ text: String, _ seconds: Int) throws {
        let backups = try configuration(["BACKUP_DIR": "/backup", "BACKUP_EVERY": text]).backups
        #expect(backups.folder == "/backup")
        #expect(backups.everySeconds == seconds)
    }

    @Test(arguments: [
        "0", "-1h", "366d", "1w", "h", "1 h", "1.5h", "daily", "9999999999999999999d", "99999999999999999d",
    ])
    func otherTimesOfBackupsAreRefused(_ text: String) {
        #expect(problem(["BACKUP_DIR": "/backup", "BACKUP_EVERY": text])?.contains("BACKUP_EVERY") == true)
    }

    @Test func aScheduleNeedsAFolder() throws {
        #expect(problem(["BACKUP_EVERY": "1h"])?.contains("BACKUP_DIR") == true)
        #expect(try configuration(["BACKUP_DIR": "/backup"]).backups.everySeconds == nil)
    }

    @Test func backupsAreDueAndOverdueByTheClock() {
        var policy = BackupPolicy()
        let now = Timestamp(seconds: 1_000_000)
        #expect(!policy.isDue(after: nil, at: now))
        #expect(!policy.isOverdue(after: nil, at: now))
        policy.everySeconds = 3600
        for (ago, isDue, isOverdue) in [
            (0, false, false), (3599, false, false), (3600, true, false), (5400, true, true),
        ] {
            let last = Timestamp(seconds: now.seconds - Int64(ago))
            #expect(policy.isDue(after: last, at: now) == isDue, "\(ago) s")
            #expect(policy.isOverdue(after: last, at: now) == isOverdue, "\(ago) s")
        }
        #expect(policy.isDue(after: nil, at: now))
        // The clock was set back by more than the time between two backups.
        #expect(policy.isDue(after: Timestamp(seconds: now.seconds + 3601), at: now))
        #expect(!policy.isDue(after: Timestamp(seconds: now.seconds + 3600), at: now))
    }

    @Test func aModelIsDescribedByItsVariables() throws {
        #expect(try configuration(["LLM_MODEL": "m", "LLM_API_KEY": "k"]).model == nil)
        let least = try #require(try configuration(["LLM_BASE_URL": "https://m.example/v1/", "LLM_MODEL": "m"]).model)
        #expect((least.baseURL, least.model, least.maximumTokens) == ("https://m.example/v1", "m", 1024))
        #expect(Self.seconds(least) == [60, 30, 600, 620])
        #expect(least.apiKey == nil)
        let variables = [
            "LLM_BASE_URL": "http://127.0.0.1:8080", "LLM_MODEL": "m", "LLM_API_KEY": "secret",
            "LLM_MAX_TOKENS": "1",
        ]
        let all = try #require(try configuration(variables).model)
        #expect((all.apiKey, all.maximumTokens) == ("secret", 1))
    }

    /// Until the first token, between tokens, in all, and for gateways.
    private static func seconds(_ model: ModelConfiguration) -> [Int] {
        [model.limits.firstToken, model.limits.silence, model.limits.total, model.limits.gateway]
    }

    /// The earlier variable limits silence, and never ends an answer that still comes.
    @Test(
        arguments: [
            ([:], [60, 30, 600, 620]),
            (["LLM_FIRST_TOKEN_SECONDS": "1", "LLM_SILENCE_SECONDS": "2", "LLM_TOTAL_SECONDS": "3"], [1, 2, 3, 23]),
            (["LLM_TIMEOUT_SECONDS": "1"], [1, 1, 600, 620]), (["LLM_TIMEOUT_SECONDS": "110"], [110, 110, 600, 620]),
            (["LLM_TIMEOUT_SECONDS": "900"], [900, 900, 900, 920]),
            (["LLM_TIMEOUT_SECONDS": "9", "LLM_SILENCE_SECONDS": "5", "LLM_TOTAL_SECONDS": "70"], [9, 5, 70, 90]),
            (["LLM_FIRST_TOKEN_SECONDS": "43200", "LLM_TIMEOUT_SECONDS": "20"], [43_200, 20, 600, 620]),
        ] as [([String: String], [Int])])
    func aModelHasLimitsOfTime(_ variables: [String: String], _ expected: [Int]) throws {
        let place = ["LLM_BASE_URL": "http://127.0.0.1:8080", "LLM_MODEL": "m"]
        let model = try #require(try configuration(place.merging(variables) { $1 }).model)
        #expect(Self.seconds(model) == expected)
    }

    @Test(arguments: [
        ("LLM_BASE_URL", "ftp://x"), ("LLM_BASE_URL", "localhost:8080"), ("LLM_BASE_URL", "http://a b"),
        ("LLM_MODEL", ""),
        ("LLM_API_KEY", "two words"), ("LLM_API_KEY", "line\n"), ("LLM_API_KEY", "schlüssel"),
        ("LLM_TIMEOUT_SECONDS", "43201"), ("LLM_FIRST_TOKEN_SECONDS", "0"), ("LLM_SILENCE_SECONDS", "x"),
        ("LLM_TOTAL_SECONDS", "86400"), ("LLM_TIMEOUT_SECONDS", "0"), ("LLM_MAX_TOKENS", "0"),
        ("LLM_MAX_TOKENS", "1000001"),
    ])
    func otherModelsAreRefused(_ name: String, _ text: String) {
        let good = ["LLM_BASE_URL": "http://127.0.0.1:8080", "LLM_MODEL": "m"]
        #expect(problem(good.merging([name: text]) { _, new in new })?.contains(name) == true)
    }
}
