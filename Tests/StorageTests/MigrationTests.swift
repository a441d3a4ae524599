import Foundation
import Language
import Models
import Testing
import Wire

@testable import Storage

@Suite struct MigrationTests {
    private static let passages = [
        "每位员工每年享有二十天带薪年假。", "Twenty days of leave.", "従業員は毎年二十日の休暇があります。", "모든 직원은 매년 휴가를 받습니다.",
        "我的iPhone手机丢了。",
    ]

    /// A database as version 2 left it, with a document that has passages with and without spaces.
    private static func makeVersion2(in folder: URL) throws -> Document.ID {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let database = try Database(path: folder.appendingPathComponent("nexlayer.db").path, busyTimeout: 1000)
        try Migrations.apply(to: database, upTo: 2)
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let (user, workspace, document) = (User.ID.new(at: now), Workspace.ID.new(at: now), Document.ID.new(at: now))
        try database.script(
            """
            INSERT INTO users VALUES
                ('\(user)', 'a@example.com', 'a@example.com', 'A', 'a', '*', 'user', 'active', NULL, 1, 1);
            INSERT INTO workspaces VALUES ('\(workspace)', 'W', 'w', '', 'w', 'w', '{}', '\(user)', 1, 0, 1, 1);
            INSERT INTO documents VALUES ('\(document)', '\(workspace)', 'D', 'd', 'text', 'text/plain', 1,
                '\(String(repeating: "0", count: 64))', 'processed', NULL, \(passages.count), 4, '{}', '\(user)', 1, 1);
            """)
        for (number, content) in Self.passages.enumerated() {
            try database.script(
                """
                INSERT INTO passages VALUES (\(number + 1), '\(Passage.ID.new(at: now))', '\(workspace)', '\(document)',
                    \(number), 0, 1, NULL, NULL, '\(content)');
                INSERT INTO passage_text (rowid, scope, heading, content)
                VALUES (\(number + 1), '\(workspace.bareText)', '', '\(content)');
                """)
        }
        return document
    }

    @Test func namesOfEarlierVersionsAreFoundComposed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try Self.makeVersion2(in: folder)
        do {
            let database = try Database(path: folder.appendingPathComponent("nexlayer.db").path, busyTimeout: 1000)
            try database.script("UPDATE documents SET name = 'U\u{308}bersicht', search_key = 'u\u{308}bersicht'")
            try database.script("UPDATE workspaces SET name_key = 'e\u{301}', search_key = 'e\u{301}\n'")
            try database.script("UPDATE users SET search_key = 'e\u{301}'")
            try database.script(
                """
                INSERT INTO conversations (id, workspace_id, user_id, title, search_key, last_message_at, created_at)
                SELECT 'conv', id, owner_id, 'T', 'e\u{301}', 1, 1 FROM workspaces
                """)
        }
        let store = try Store(directory: folder.path)
        let workspace = try #require(
            try store.database.value("SELECT workspace_id FROM documents", as: Workspace.ID.self))
        var keys: [String] = []
        for sql: SQL in [
            "SELECT search_key FROM documents", "SELECT name_key FROM workspaces", "SELECT search_key FROM workspaces",
            "SELECT search_key FROM users", "SELECT search_key FROM conversations",
        ] {
            keys.append(try #require(try store.database.value(sql, as: String.self)))
        }
        // Compared by scalars, because Swift treats the two forms as equal.
        #expect(
            keys.map { Array($0.unicodeScalars) }
                == ["\u{FC}bersicht", "\u{E9}", "\u{E9}\n", "\u{E9}", "\u{E9}"].map { Array($0.unicodeScalars) })
        #expect(try store.workspaces.exists(workspace))
    }

    /// Earlier versions stored the default with every workspace.
    @Test(arguments: [("0.7", nil), ("0.75", 0.75), ("0", 0)] as [(String, Double?)])
    func theOldDefaultTemperatureIsNone(stored: String, expected: Double?) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try Self.makeVersion2(in: folder)
        let prompt = #"Say "temperature":0.7, please"#
        do {
            let database = try Database(path: folder.appendingPathComponent("nexlayer.db").path, busyTimeout: 1000)
            let settings = #"{"systemPrompt":\#(JSON.string(prompt).text),"temperature":\#(stored),"topK":9}"#
            try database.run("UPDATE workspaces SET settings = \(settings)")
        }
        let store = try Store(directory: folder.path)
        let workspace = try #require(try store.database.value("SELECT id FROM workspaces", as: Workspace.ID.self))
        let settings = try store.workspaces.settings(of: workspace)
        #expect(settings.temperature == expected)
        #expect(settings.systemPrompt == prompt && settings.topK == 9)
    }

    /// Duplicate accounts that an earlier version accepted stay, each under its own spelling; new ones are rejected.
    @Test func addressesThatLookTheSameAreOneAccount() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let emails = [
            "victim\u{200B}@example.com", "victim@example.com", "victim\u{FE0F}@example.com", "ann\u{2060}@example.com",
            "josé@example.com", "jose\u{301}@example.com", "bob\u{AD}@example.com", "bob\u{34F}@example.com",
            "Eve@Example.com",
        ]
        do {
            let database = try Database(path: folder.appendingPathComponent("nexlayer.db").path, busyTimeout: 1000)
            try MigrationFunctions.register(on: database.sqlite)
            try Migrations.apply(to: database, upTo: 5)
            for email in emails {
                let id = User.ID.new()
                try database.script(
                    """
                    INSERT INTO users VALUES ('\(id)', '\(email)', '\(email.lowercased())', 'N', 'n', '*', 'user', 'active',
                        NULL, 1, 1);
                    """)
            }
        }
        let store = try Store(directory: folder.path)
        for email in emails {
            let found = try #require(try store.users.find(typedEmail: email))
            #expect(found.email.hasSameBytes(as: email))
        }
        for (typed, spelled) in [
            ("ANN@example.com", emails[3]), ("victim@exam\u{AD}ple.com", emails[1]), ("bob@example.com", emails[6]),
            ("eve@example.com", emails[8]),
        ] { #expect(try store.users.find(typedEmail: typed)?.email.hasSameBytes(as: spelled) == true, "\(typed)") }
        for taken in ["ann@example.com", "victim@example.com", "JOSÉ@example.com", "bob@example.com"] {
            let email = try #require(EmailAddress(taken))
            #expect(throws: APIError.self) {
                try store.users.create(email: email, name: "N", passwordHash: "*", role: .user, at: .now())
            }
        }
        #expect(try store.database.value("SELECT count(*) FROM users", as: Int.self) == emails.count)
    }

    /// Without a known owner, a webhook would keep its rights forever.
    @Test func webhooksOfEarlierVersionsHaveAnOwner() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try Self.makeVersion2(in: folder)
        let (admin, gone) = (User.ID.new(), Workspace.ID.new())
        do {
            let database = try Database(path: folder.appendingPathComponent("nexlayer.db").path, busyTimeout: 1000)
            for (id, name, status, createdAt) in [
                (User.ID.new(), "suspended", "suspended", 1), (User.ID.new(), "young", "active", 3),
                (admin, "old", "active", 2),
            ] {
                try database.script(
                    """
                    INSERT INTO users VALUES ('\(id)', '\(name)', '\(name)', 'N', 'n', '*', 'admin', '\(status)', NULL,
                        \(createdAt), 1);
                    """)
            }
            for (name, workspace) in [
                ("workspace", "(SELECT id FROM workspaces)"), ("all", "NULL"), ("gone", "'\(gone)'"),
            ] {
                try database.script(
                    """
                    INSERT INTO webhooks (id, url, secret, events, workspace_id, description, is_active, created_at,
                        updated_at)
                    VALUES ('\(name)', 'https://example.com/', 's', '*', \(workspace), '', 1, 1, 1);
                    """)
            }
        }
        let store = try Store(directory: folder.path)
        func owner(_ webhook: String) throws -> User.ID? {
            try store.database.value("SELECT owner_id FROM webhooks WHERE id = \(webhook)", as: User.ID.self)
        }
        #expect(try owner("workspace") == store.database.value("SELECT owner_id FROM workspaces", as: User.ID.self))
        #expect(try owner("all") == admin && owner("gone") == admin)
    }

    @Test func aDocumentWithoutPassagesDoesNotKeepTheOldIndex() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try Self.makeVersion2(in: folder)
        let store = try Store(directory: folder.path)
        try store.database.script("DELETE FROM passages; UPDATE documents SET chunk_count = 0")
        while try store.indexNext(at: .now()) {}
        #expect(try !store.database.exists("SELECT 1 FROM sqlite_schema WHERE name = 'passage_text'"))
    }

    @Test func whatVersion2LeftIsFoundAndRemoved() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let id = try Self.makeVersion2(in: folder)
        let store = try Store(directory: folder.path)
        let workspace = try #require(
            try store.database.value("SELECT workspace_id FROM documents", as: Workspace.ID.self))
        func found(_ term: String) throws -> Int {
            let query = IndexQuery([QueryClause(.should, [[.init(bytes: Array(term.utf8))]])])
            return try store.passages.search(query, in: workspace).hits.count
        }
        // In the old index, and in the new one.
        for isOld in [true, false] {
            #expect(try OldIndex(database: store.database).has(workspace) == isOld)
            for term in ["leave", "年假", "员工", "休暇", "휴가", "手机", "iphone", "丢"] {
                #expect(try found(term) == 1, "\(term)")
            }
            #expect(try found("鲸") == 0)
            while try store.indexNext(at: .now()) {}
        }
        #expect(try store.passages.check(workspace) == [])
        #expect(try !store.database.exists("SELECT 1 FROM sqlite_schema WHERE name = 'passage_text'"))

        // Passages outlive their document until a job removes them.
        try store.write { try store.documents.remove(id, from: workspace) }
        #expect(try store.database.value("SELECT count(*) FROM passages", as: Int.self) == Self.passages.count)
        #expect(try store.purgeRemoved(milliseconds: 1000))
        #expect(try store.database.value("SELECT count(*) FROM passages", as: Int.self) == 0)
        #expect(try store.database.value("PRAGMA integrity_check", as: String.self) == "ok")
    }
}
