import Foundation
import Testing

/// Combining marks that hide separators, and invisible characters, do not change what is parsed.
@Suite struct ProtocolTextTests {
    private static let password = "correct horse"
    /// Forms one `Character` with its neighbours, or is not an address for another reason.
    private static let disguises = [
        "\u{600}", "\u{110BD}", "x\u{600}", "\u{200D}", "%", "a,b", "1.2.3", "[::1", "1.2.3.4:x", "\u{301}",
        "9\u{FE0F}",
    ]

    private static func attempt(_ headers: [String: String], _ context: [String: Any]) -> [String: Any] {
        [
            "httpMethod": "POST", "path": "/api/v1/auth/login",
            "headers": headers.merging(["content-type": "application/json"]) { own, _ in own },
            "body": #"{"email":"ada@example.com","password":"wrong password"}"#, "requestContext": context,
        ]
    }

    @Test func aHopThatIsNoAddressIsNotWhatAttemptsAreCountedBy() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_AUTH": "3", "TRUSTED_PROXIES": "127.0.0.1"])
        let context = ["http": ["method": "POST", "path": "/api/v1/auth/login", "sourceIp": "127.0.0.1"]]
        let answers = try installation.batch(
            "login", Self.disguises.map { Self.attempt(["x-forwarded-for": "\($0), 192.0.2.9"], context) })
        #expect(answers.map(\.status) == [401, 401, 401] + Array(repeating: 429, count: Self.disguises.count - 3))
        // If the last entry is not an address, the proxy itself is counted.
        let last = try installation.batch(
            "login", Self.disguises.map { Self.attempt(["x-forwarded-for": "192.0.2.8, \($0)x"], context) })
        #expect(last.map(\.status) == [401, 401, 401] + Array(repeating: 429, count: Self.disguises.count - 3))
    }

    @Test func aLoadBalancersEventsAreCountedByWhatItAddsItself() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_AUTH": "3"])
        let context = ["elb": ["targetGroupArn": "arn"]]
        let answers = try installation.batch(
            "login", Self.disguises.map { Self.attempt(["x-forwarded-for": "\($0), 192.0.2.9"], context) })
        #expect(answers.map(\.status) == [401, 401, 401] + Array(repeating: 429, count: Self.disguises.count - 3))
        // A proxy that appends a port still has the same clients.
        let port = Self.attempt(["x-forwarded-for": "192.0.2.9:4711"], context)
        #expect(try installation.batch("login", [port]).map(\.status) == [429])
    }

    @Test(arguments: [
        "victim\u{200B}@example.com", "victim@exam\u{AD}ple.com", "victim\u{2060}@example.com",
        "\u{202E}victim@example.com",
        "victim@example.com\u{FEFF}", "victim\u{FE0F}@example.com", "victim\u{34F}@example.com",
        "victim\u{3164}@example.com", "victim\u{200E}@example.com", "victim\u{E0100}@example.com",
        "victim\u{600}@example.com", "victim\u{2800}@example.com", "vic\u{2028}tim@example.com", "vic tim@example.com",
        "victim@\u{301}evil@example.com", "victim\u{600}@evil@example.com", "a@b@example.com", "victim@\u{301}evil.com",
        "victim@example.\u{301}com", "\u{301}victim@example.com", "a\u{FF20}b@example.com", "victim@example\u{3002}com",
        "victim\u{F8FF}@example.com", "victim@example.com\u{0}", "@example.com", "victim@",
    ])
    func addressesWithHiddenOrSecondPartsAreRefused(_ email: String) throws {
        let installation = try Installation()
        _ = try installation.register("victim@example.com")
        for name in ["register", "create-user"] {
            let token = name == "register" ? nil : try installation.register("admin\(name)@example.com")
            let answer = try installation.call(
                name, token: token, body: ["email": email, "password": Self.password, "name": "V"])
            #expect(name == "register" ? answer.fields == ["email"] : [403, 422].contains(answer.status), "\(email)")
        }
    }

    @Test func composedAndDecomposedAddressesAreOne() throws {
        let installation = try Installation()
        let token = try installation.register("jos\u{E9}@example.com")
        for email in ["jose\u{301}@example.com", "JOSE\u{301}@EXAMPLE.com"] {
            let again = try installation.call(
                "register", body: ["email": email, "password": Self.password, "name": "J"])
            #expect(again.status == 409)
            let login = try installation.call("login", body: ["email": email, "password": Self.password])
            #expect(login.status == 200)
        }
        let email = try #require(try installation.call("get-me", token: token).data["email"] as? String)
        #expect(Array(email.unicodeScalars) == Array("jos\u{E9}@example.com".unicodeScalars))
    }

    @Test func passwordsAreTheSameHoweverTheyAreComposed() throws {
        let installation = try Installation()
        for (email, made, typed) in [
            ("a@example.com", "Zu\u{308}rich Sommer", "Z\u{FC}rich Sommer"),
            ("b@example.com", "Z\u{FC}rich Sommer", "Zu\u{308}rich Sommer"),
        ] {
            let body = ["email": email, "password": made, "name": "Z"]
            #expect(try installation.call("register", body: body).status == 201)
            for password in [made, typed] {
                #expect(try installation.call("login", body: ["email": email, "password": password]).status == 200)
            }
            #expect(try installation.call("login", body: ["email": email, "password": "Zurich Sommer"]).status == 401)
        }
        // An earlier version hashed passwords as they were typed: "e" and U+0301.
        try installation.runSQL(
            "UPDATE users SET password_hash = '\(try Self.hash("cafe\u{301} olé"))' WHERE email = 'a@example.com'")
        let old = try installation.call("login", body: ["email": "a@example.com", "password": "cafe\u{301} olé"])
        #expect(old.status == 200)
    }

    private static func hash(_ password: String) throws -> String {
        let library = try #require(dlopen("libcrypt.so.1", RTLD_NOW))
        defer { dlclose(library) }
        typealias Crypt = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?
        let crypt = unsafeBitCast(try #require(dlsym(library, "crypt")), to: Crypt.self)
        return String(cString: try #require(crypt(password, "$6$saltsaltsalt$")))
    }

    @Test func halvesOfSurrogatePairsAreRefused() throws {
        let installation = try Installation()
        let half = [92, 117, 100, 56, 48, 48].map { String(UnicodeScalar($0)) }.joined()  // \ud800
        for (name, body) in [
            ("register", #"{"email":"a@example.com","password":"pass\#(half)word","name":"A"}"#),
            ("login", #"{"email":"a@example.com","password":"pass\#(half)word"}"#),
            ("register", #"{"email":"a@example.com","password":"password","name":"A\#(half)"}"#),
        ] {
            let envelope: [String: Any] = ["headers": ["content-type": "application/json"], "body": body]
            let answer = try #require(try installation.batch(name, [envelope]).first)
            #expect(answer.status == 400 && answer.message.contains("surrogate"), "\(answer.json)")
        }
    }

    @Test(arguments: [
        ("../\u{301}../\u{301}evil.txt", "evil.txt"), ("..\\\u{301}evil.txt", "evil.txt"), ("..", "untitled"),
        (".", "untitled"), ("\u{200B}", "untitled"), (".\u{200B}.", "untitled"), ("/", "untitled"),
        ("a/..", "untitled"),
        ("a\u{202E}fdp.exe", "afdp.exe"), ("a\u{2066}b\u{200E}.txt", "ab.txt"), ("x/\u{FE0F}y.txt", "y.txt"),
        ("C:\\\u{600}\\b.txt", "b.txt"), ("Übersicht 📄.txt", "Übersicht 📄.txt"),
    ])
    func namesOfFilesAreWithoutFoldersAndHiddenMarks(_ given: String, _ kept: String) throws {
        let installation = try Installation()
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let escaped = given.replacingOccurrences(of: "\\", with: "\\\\")
        let document = try installation.upload("Some text.", named: escaped, to: workspace, token: token).data
        let name = try #require(document["name"] as? String)
        let folderless = name.unicodeScalars.drop { $0 == "\u{301}" }
        #expect(String(folderless) == kept, "\(given.unicodeScalars)")
        let id = try #require(document["id"] as? String)
        // A name that is given later contains no folder either.
        let path = ["workspaceId": workspace, "documentId": id]
        _ = try installation.call("update-document", token: token, path: path, body: ["name": "../../etc/passwd"])
        let content = try installation.call("get-document-content", token: token, path: path)
        #expect(content.headers["content-disposition"] == "attachment; filename=\"passwd\"; filename*=UTF-8''passwd")
    }

    @Test func headsOfPartsAreShort() throws {
        let installation = try Installation()
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        func send(_ head: String) throws -> Answer {
            let form =
                "--XX\r\nContent-Disposition: form-data; name=\"file\"; \(head)\r\n\r\nSome text \(head.count)\r\n--XX--\r\n"
            var envelope = Installation.uploadEnvelope([], to: workspace, token: token)
            envelope["body"] = Data(form.utf8).base64EncodedString()
            return try #require(try installation.batch("upload-document", [envelope]).first)
        }
        #expect(try send("filename=\"\(String(repeating: "a", count: 15_000))\"").status == 201)
        let accents = String(repeating: "\u{301}", count: 500_000)
        for long in [String(repeating: "a", count: 20_000), accents, String(repeating: ";", count: 1_000_000)] {
            let answer = try send("filename=\"a\(long)\"")
            #expect(answer.status == 400 && answer.message.contains("16384 bytes"))
        }
        let lines = String(repeating: "\r\nA: b", count: 40)
        #expect(try send("filename=\"a.txt\"\(lines)").message.contains("headers"))
        // A combining mark after a quote or a semicolon hides neither.
        let named = try send("filename=\"a\u{301}.txt\"\u{301}; x=y")
        #expect(named.data["name"] as? String == "á.txt")
    }
}
