import Foundation
import TestSupport
import Testing

/// `runner eval` with the built functions, on collections of three documents.
struct EvaluationTests {
    private let command: RunnerCommand

    init() throws { command = try RunnerCommand() }

    private static let corpus = """
        {"_id": "d1", "title": "Granite", "text": "Granite cools slowly."}

        {"_id": "d2", "title": "", "text": "Marble was limestone once."}
        {"_id": 3, "title": "Basalt", "text": "Basalt flows from volcanoes.", "metadata": {}}

        """
    private static let queries = """
        {"_id": "q1", "text": "granite"}\r
        {"_id": "q2", "text": "limestone"}
        {"_id": "q3", "text": "basalt"}
        {"_id": "q4", "text": "is not judged"}
        """

    private func collection(_ files: [String: String]) throws -> String {
        let folder = command.folder.appendingPathComponent("rocks/qrels")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files { _ = try command.write(text, to: "rocks/\(name)") }
        return command.folder.appendingPathComponent("rocks").path
    }

    private func evaluate(_ path: String, _ options: [String] = []) throws -> [String: Any] {
        let result = try command.run(["eval", path, "--json"] + options)
        #expect(result.status == 0, "\(result.text)")
        return (result.json["collections"] as? [[String: Any]])?.first ?? [:]
    }

    private func keywordSearch(_ result: [String: Any]) throws -> [String: Any] {
        try #require((result["search"] as? [[String: Any]])?.first { $0["mode"] as? String == "keyword" })
    }

    // MARK: BEIR

    @Test(arguments: ["query-id\tcorpus-id\tscore\n", ""]) func documentsAreJudgedByTheirGrades(_ header: String) throws
    {
        let path = try collection([
            "corpus.jsonl": Self.corpus, "queries.jsonl": Self.queries,
            "qrels/test.tsv": header + "q1\td1\t2\nq1\td2\t1\nq2\t3\t1\nq3\t3\t0\n",
        ])
        let result = try evaluate(path)
        let search = try keywordSearch(result)
        #expect(result["documents"] as? Int == 3 && result["name"] as? String == "rocks")
        // q1 finds d1, of which d2 is missed: 2 / (2 + 1/log₂3). q2 finds only d2, which is not relevant.
        #expect(search["queries"] as? Int == 2)
        #expect(search["ndcg10"] as? Double == 0.3801)
        #expect(search["recall100"] as? Double == 0.25)
        #expect(search["mrr10"] as? Double == 0.5)
        #expect(search["r1"] is NSNull && result["chat"] is NSNull)
        let (half, most) = (search["p50Ms"] as? Double ?? 0, search["p95Ms"] as? Double ?? 0)
        #expect(0 < half && half <= most)
        #expect(try keywordSearch(evaluate(path, ["--limit", "1"]))["ndcg10"] as? Double == 0.7602)
    }

    @Test func judgementsMayBeBinaryInOneFileOrThoseOfTREC() throws {
        for lines in ["q1\td1\t1\nq2\td2\t1\nq3\td1\t1\n", "q1 0 d1 1\nq2 0 d2 1\nq3 0 d1 1\n"] {
            let search = try keywordSearch(
                evaluate(collection(["corpus.jsonl": Self.corpus, "queries.jsonl": Self.queries, "qrels.tsv": lines])))
            #expect(search["ndcg10"] as? Double == 0.6667 && search["recall100"] as? Double == 0.6667)
        }
    }

    // MARK: SQuAD

    private static let articles = """
        {"version": "1.1", "data": [
          {"title": "Old_Freedonia", "paragraphs": [{"qas": [
              {"id": "1", "question": "What is the capital of Freedonia?", "answers": [{"text": "klopstokia", "answer_start": 0}]},
              {"id": "2", "question": "How long is the river of Sylvania?", "answers": [{"text": "Klopstokia"}]}],
            "context": "The capital of Freedonia is Klopstokia."}]},
          {"title": "Sylvania", "paragraphs": [{"context": "The river of Sylvania is 300 kilometres long.", "qas": [
              {"id": "3", "question": "How long is the river of Sylvania?", "answers": [{"text": "300 kilometres"}]},
              {"id": "4", "question": "Is it?", "answers": [], "is_impossible": true}]}]},
          {"title": "Osterlich", "paragraphs": [{"context": "Osterlich makes cheese.", "qas": []}]}
        ]}
        """

    @Test func passagesAndAnswersAreJudgedByTheGoldAnswer() throws {
        let result = try evaluate(command.write(Self.articles, to: "lands.json"))
        let search = try keywordSearch(result)
        #expect(result["name"] as? String == "lands.json" && search["queries"] as? Int == 3)
        // The second question wants the passage of another article.
        #expect(search["r1"] as? Double == 0.6667)
        #expect(search["r5"] as? Double == 0.6667 || search["r5"] as? Double == 1)
        let chat = try #require(result["chat"] as? [String: Any])
        #expect(chat["questions"] as? Int == 3 && chat["answered"] as? Double == 1)
        #expect(chat["gold"] as? Double == 0.6667 && chat["firstSource"] as? Double == 0.6667)
        // Without the second article, nothing tells the answer to its question.
        #expect(chat["unanswerable"] as? Int == 1 && chat["refused"] as? Double == 1)
        #expect(chat["errors"] as? Int == 0)
    }

    @Test func aFolderOfFilesBecomesATable() throws {
        let folder = try collection(["a.json": Self.articles, "b.json": Self.articles, "README": "no collection"])
        let result = try command.run(["eval", folder, "--search-only"])
        let lines = result.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(result.status == 0 && lines.count == 3, "\(result.text)")
        #expect(lines.map(\.first) == ["SEARCH", "a.json", "b.json"])
        #expect(lines.last?[1...2] == ["keyword", "3"] && lines.last?.contains(".667") == true)
    }

    // MARK: Errors

    @Test(arguments: [
        (
            "corpus.jsonl", "{\"_id\": \"d1\", \"text\": \"x\"}\n{\"_id\": }\n",
            "corpus.jsonl line 2: Unexpected character"
        ),
        ("corpus.jsonl", "\n\n{\"_id\": \"d1\"}\n", "corpus.jsonl line 3: has no \"text\""),
        ("queries.jsonl", "{\"text\": \"x\"}", "queries.jsonl line 1: has no \"_id\""),
        ("qrels.tsv", "query\tdocument\tscore\nq1\td1\n", "qrels.tsv line 2: should be a query id"),
        ("qrels.tsv", "q1\td1\t1\nq1\td2\thigh\n", "qrels.tsv line 2: the score \"high\" is not a number"),
        ("qrels.tsv", "q9\td1\t1\n", "no query with a relevant document"),
    ]) func aDamagedFileIsNamedWithItsLine(_ name: String, _ text: String, _ message: String) throws {
        var files = ["corpus.jsonl": Self.corpus, "queries.jsonl": Self.queries, "qrels.tsv": "q1\td1\t1\n"]
        files[name] = text
        let result = try command.run(["eval", collection(files)])
        #expect(result.status == 66 && result.text.contains(message), "\(result.text)")
    }

    @Test(arguments: [
        ("{\"data\": [\n{\"paragraphs\":\n[{\"qas\": []}]}]}", "line 3: a paragraph has no \"context\""),
        ("{\"data\": [\n{\"title\":\n7}]}", "line 3: should be a string"),
        ("{\"data\": [", "line 1: Expected '{'"), ("{}", "there is no \"data\""),
        ("{\"data\": []}", "has no question with an answer"),
    ]) func aDamagedJSONFileIsToo(_ text: String, _ message: String) throws {
        let result = try command.run(["eval", command.write(text, to: "damaged.json")])
        #expect(result.status == 66 && result.text.contains("damaged.json") && result.text.contains(message))
    }

    @Test func wrongUseAndMissingModesAreExplained() throws {
        let file = try command.write(Self.articles, to: "lands.json")
        #expect(try command.run(["eval"]).status == 64)
        #expect(try command.run(["eval", "nowhere"]).status == 66)
        #expect(try command.run(["eval", file, "--modes", "keyword,magic"]).status == 64)
        let hybrid = try command.run(["eval", file, "--modes", "hybrid", "--search-only"])
        #expect(
            hybrid.status == 0 || hybrid.text.contains("there are no vectors for mode hybrid"),
            "\(hybrid.text)")
        #expect(try command.run(["eval", file, file]).text.contains("another collection named lands.json"))
        let empty = command.folder.appendingPathComponent("empty")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        #expect(try command.run(["eval", empty.path]).text.contains("neither corpus.jsonl"))
        #expect(try command.run(["eval", file, "--functions", empty.path]).status == 78)
    }

    // MARK: Data

    @Test func theDataIsRemovedUnlessItIsKept() throws {
        let file = try command.write(Self.articles, to: "lands.json")
        let temporary = command.folder.appendingPathComponent("temporary")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        let kept = command.folder.appendingPathComponent("kept").path
        let variables = ["TMPDIR=\(temporary.path)"]
        #expect(try command.run(["eval", file], variables: variables).status == 0)
        #expect(try command.run(["eval", file, "--search-only", "--keep", kept], variables: variables).status == 0)
        #expect(try command.run(["eval", file, "--keep", kept]).text.contains("File exists"))
        #expect(FileManager.default.fileExists(atPath: kept + "/lands.json/nexlayer.db"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
    }

    @Test func anInterruptedEvaluationLeavesNothing() throws {
        let rows = (0..<20_000).map { "{\"_id\": \"\($0)\", \"text\": \"Stone number \($0).\"}\n" }
        let path = try collection([
            "corpus.jsonl": rows.joined(), "queries.jsonl": Self.queries, "qrels.tsv": "q1\t1\t1\n",
        ])
        let temporary = command.folder.appendingPathComponent("temporary")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        let child = try Child.start(
            [
                "env", "FUNCTIONS_DIR=\(RunnerCommand.functions)", "TMPDIR=\(temporary.path)", Built.runner, "eval",
                path,
            ],
            output: command.folder.appendingPathComponent("said").path)
        var database = false
        for _ in 0..<3000 where !database {
            usleep(10_000)
            let inside = FileManager.default.enumerator(atPath: temporary.path)?.compactMap { $0 as? String } ?? []
            database = inside.contains { $0.hasSuffix("nexlayer.db") }
        }
        kill(child, SIGINT)
        let status = try #require(Child.wait(for: child, seconds: 30))
        #expect(status >> 8 & 0xFF == 130)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
    }

    /// The settings of an installation do not reach the functions: nothing is sent anywhere, and no request is refused.
    @Test func theOperatorsSettingsDoNotMatter() throws {
        let file = try command.write(Self.articles, to: "lands.json")
        let result = try command.run(
            ["eval", file, "--json"],
            variables: [
                "LLM_BASE_URL=http://127.0.0.1:1/v1", "LLM_MODEL=m", "RATE_LIMIT_CHAT=1", "REGISTRATION=closed",
                "DATA_DIR=/proc/nothing", "BACKUP_DIR=/proc/nothing", "BACKUP_EVERY=1h",
            ])
        let chat = (result.json["collections"] as? [[String: Any]])?.first?["chat"] as? [String: Any]
        #expect(result.status == 0 && chat?["errors"] as? Int == 0 && chat?["answered"] as? Double == 1)
    }
}
