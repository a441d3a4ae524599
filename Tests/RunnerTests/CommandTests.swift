import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct CommandTests {
    private let command: RunnerCommand

    init() throws { command = try RunnerCommand() }

    // MARK: Help

    @Test(arguments: ["serve", "invoke", "routes", "replay", "logs", "doctor", "eval", "backup", "restore"])
    func everyCommandHasItsManual(
        _ name: String
    ) throws {
        let manual = try command.run(["help", name])
        #expect(manual.status == 0)
        for heading in ["NAME", "SYNOPSIS", "OPTIONS", "EXAMPLES", "EXIT STATUS"] {
            #expect(manual.text.contains("\n\(heading)\n") || manual.text.hasPrefix(heading))
        }
        #expect(try command.run([name, "--help"]).text == manual.text)
        #expect(manual.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(try command.run(["--help"]).text.contains(name))
    }

    @Test(arguments: [
        (["invok"], "did you mean invoke?"), (["serve", "--prot", "1"], "did you mean --port?"),
        (["invoke", "helth"], "did you mean health?"),
        (["replay", "x", "--port", "1"], "unknown option --port"), (["invoke"], "name of one function"),
        (["routes", "x"], "unexpected argument"),
        (["invoke", "health", "--query", "x"], "should be NAME=VALUE"),
        (["help", "nonsense"], "unknown command \"nonsense\""), (["help", "serv"], "did you mean serve?"),
        (["serve", "--port", "0", "--limit", "logn=2"], "no such function; did you mean login?"),
        (["serve", "--port", "0", "--function", "nope"], "there is no function nope"),
    ]) func wrongUseIsExplained(_ arguments: [String], _ message: String) throws {
        let result = try command.run(arguments)
        #expect(result.status != 0 && result.text.contains(message), "\(result.text)")
    }

    @Test func aDataFolderThatCannotBeStopsTheStart() throws {
        let result = try command.run(["serve", "--port", "0"], variables: ["DATA_DIR=/proc/nothing"])
        #expect(result.status == 78 && result.text.contains("/proc/nothing does not exist and cannot be created"))
        #expect(!result.text.contains("Listening"))
    }

    @Test func aRecordingIsNotWrittenOver() throws {
        let file = try command.write("mine", to: "session.ndjson")
        let result = try command.run(["serve", "--port", "0", "--record", file])
        #expect(result.status == 1 && result.text.contains("the file exists"))
        #expect(!result.text.contains("Listening"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    }

    // MARK: invoke and routes

    @Test func functionsAreInvoked() throws {
        let registered = try command.run([
            "invoke", "register", "--body", #"{"email":"ada@example.com","password":"correct horse","name":"Ada"}"#,
        ])
        #expect(registered.status == 0 && registered.json["statusCode"] as? Int == 201, "\(registered.text)")
        let body =
            try JSONSerialization.jsonObject(with: Data((registered.json["body"] as? String ?? "").utf8))
            as? [String: Any]
        let token = try #require((body?["data"] as? [String: Any])?["token"] as? String)
        let list = try command.run([
            "invoke", "list-workspaces", "--header", "Authorization: Bearer \(token)", "--query", "limit=2", "--query",
            "search=a b&c",
        ])
        #expect(list.status == 0 && list.text.contains(#"\"limit\":2"#), "\(list.text)")
        let missing = try command.run([
            "invoke", "get-workspace", "--header", "Authorization: Bearer \(token)", "--path-param", "workspaceId=ws_1",
        ])
        #expect(missing.status == 1 && missing.json["statusCode"] as? Int == 404)
        let event = try command.write(
            #"{"body": {"email": "ada@example.com", "password": "correct horse"}}"#, to: "event.json")
        #expect(try command.run(["invoke", "login", "--event", event]).json["statusCode"] as? Int == 200)
        #expect(
            try command.shell([
                "sh", "-c",
                "FUNCTIONS_DIR=\(RunnerCommand.functions) \(Built.runner) invoke login --event - < event.json",
            ]).json["statusCode"] as? Int == 200)
        #expect(try command.run(["invoke", "login", "--event", event, "--body", "x"]).status == 64)
        #expect(try command.run(["invoke", "login", "--event", "nowhere"]).status == 64)
        #expect(try command.run(["invoke", "health", "--data", "/proc/none"]).status == 1)
    }

    @Test func aCrashSaysWhatHappened() throws {
        let gateway = try TestRunner()
        let functions = gateway.folder.appendingPathComponent("functions").path
        let crash = try command.run(["invoke", "moody", "--body", "crash"], functions: functions)
        #expect(
            crash.status == 1 && crash.text.contains("moody failed") && crash.text.contains("exit code 3"),
            "\(crash.text)")
    }

    @Test func routesArePrintedForProgramsToo() throws {
        let result = try command.run(["routes", "--json"])
        let routes = try #require(try JSONSerialization.jsonObject(with: Data(result.text.utf8)) as? [[String: Any]])
        let login = try #require(routes.first { $0["function"] as? String == "login" })
        #expect(login["method"] as? String == "POST" && login["path"] as? String == "/api/v1/auth/login")
        #expect(routes.contains { $0["function"] as? String == "run-jobs" && $0["method"] is NSNull })
    }

    // MARK: logs

    @Test func logsAreFilteredAndReadable() throws {
        let log = command.folder.appendingPathComponent("gateway.log").path
        let gateway = try TestRunner(["--log-file", log, "--quiet=0"])
        let client = try gateway.connect()
        #expect(try client.ask("GET", "/echo/x", headers: "X-Request-Id: first\r\n").status == 200)
        #expect(try client.ask("GET", "/nowhere", headers: "X-Request-Id: second\r\n").status == 404)
        #expect(try client.say("loud", to: "/moody").status == 200)
        #expect(try client.say("crash", to: "/moody").status == 502)
        gateway.signal(SIGTERM)
        #expect(gateway.end() == 0)
        let all = try command.run(["logs", log])
        for words in [
            "200 GET /api/v1/echo/x", "404 GET /api/v1/nowhere", "said aloud",
            "exit=exit code 3".dropFirst(5).description, "look cold",
        ] {
            #expect(all.text.contains(words), "\(words) in \(all.text)")
        }
        let one = try command.run(["logs", log, "--request", "first"]).text
        #expect(one.split(separator: "\n").count == 1 && one.contains("first"))
        let moody = try command.run(["logs", log, "--function", "moody"]).text
        #expect(moody.contains("said aloud") && moody.contains("said in JSON") && !moody.contains("/nowhere"))
        let errors = try command.run(["logs", log, "--level", "error"]).text
        #expect(errors.contains("exit code 3") && errors.contains("502") && !errors.contains("404"))
        #expect(try command.run(["logs", "nowhere"]).status == 66)
        #expect(
            try command.shell(["sh", "-c", "printf 'plain\\033[2J\\n{\"message\":\"x\"}' | \(Built.runner) logs"])
                .text
                .contains("plain?[2J"))
    }

    @Test func theLogLevelHolds() throws {
        let gateway = try TestRunner(["--quiet=0", "--log-level", "error"])
        let client = try gateway.connect()
        #expect(try client.ask("GET", "/echo/x").status == 200)
        #expect(try client.say("crash", to: "/moody").status == 502)
        gateway.signal(SIGTERM)
        #expect(gateway.end() == 0)
        let said = try String(contentsOf: gateway.folder.appendingPathComponent("said"), encoding: .utf8)
        #expect(!said.contains("/echo/x") && said.contains("function failed") && said.contains("502"))
    }

    // MARK: doctor

    private func doctor(
        _ arguments: [String] = [], variables: [String] = [], functions: String = RunnerCommand.functions
    ) throws
        -> (status: Int32, findings: [[String: Any]])
    {
        let result = try command.run(
            ["doctor", "--json", "--port", "0"] + arguments, variables: variables, functions: functions)
        return (result.status, result.json["findings"] as? [[String: Any]] ?? [])
    }

    private func complaint(_ findings: [[String: Any]], _ words: String) -> Bool {
        findings.contains { finding in
            finding["level"] as? String != "ok" && (finding["text"] as? String ?? "").contains(words)
                && !(finding["cure"] as? String ?? "").isEmpty
        }
    }

    @Test func aSoundInstallationHasNoFailures() throws {
        let (status, findings) = try doctor()
        #expect(status == 0 && !findings.isEmpty)
        #expect(!findings.contains { $0["level"] as? String == "failure" }, "\(findings)")
        // The check must not create the data folder.
        #expect(!FileManager.default.fileExists(atPath: command.folder.appendingPathComponent("data").path))
        let text = try command.run(["doctor", "--port", "0"]).text
        #expect(text.contains("✔") && text.contains("machine") && !text.contains("\u{1B}"))
    }

    @Test(arguments: [
        (["JWT_SECRET=short"], [], "JWT_SECRET must have at least 32 bytes"),
        (["RATE_LIMIT_AUTH=many"], [], "RATE_LIMIT_AUTH"),
        (["LLM_BASE_URL=http://127.0.0.1:1/v1", "LLM_MODEL=m"], [], "language model's provider does not answer"),
        (
            ["EMBEDDING_BASE_URL=http://127.0.0.1:1/v1", "EMBEDDING_MODEL=m"], [],
            "embedding model's provider does not answer"
        ),
        (["RERANK_BASE_URL=http://127.0.0.1:1", "RERANK_MODEL=m"], [], "reranker's provider does not answer"),
        (["PATH=/nowhere"], [], "curl is not installed"),
        (["EMBEDDING_MODEL_FILE=/nowhere/m"], [], "embedding model cannot be used: /nowhere/m is missing"),
        (["EMBEDDING_MODEL_FILE=file"], [], "embedding model cannot be used: file is not an embedding model"),
        (["EMBEDDING=maybe"], [], "EMBEDDING must be one of: on, off"),
        ([], ["--functions", "/nowhere"], "There is no folder /nowhere"),
        ([], ["--data", "/proc/nothing"], "cannot be created"),
        ([], ["--data", "file"], "is not a directory"), ([], ["--data", "broken"], "file is not a database"),
    ]) func whatIsBrokenIsNamedWithItsCure(_ variables: [String], _ arguments: [String], _ words: String) throws {
        _ = try command.write("not a folder", to: "file")
        try FileManager.default.createDirectory(
            at: command.folder.appendingPathComponent("broken"), withIntermediateDirectories: true)
        _ = try command.write("this is no database, however long it may be", to: "broken/nexlayer.db")
        let (status, findings) = try doctor(arguments, variables: variables)
        #expect(complaint(findings, words), "\(findings)")
        #expect(findings.count { ($0["text"] as? String ?? "").contains(words) } == 1)
        if words == "cannot be created" {
            let others = findings.filter { $0["area"] as? String == "data" && $0["level"] as? String == "ok" }
            #expect(others.isEmpty, "nothing is said of data that cannot be there")
        }
        let isWarning = ["provider", "curl", "embedding model"].contains { words.contains($0) }
        #expect(status == (isWarning ? 0 : 1))
    }

    @Test func aPortThatAGatewayHasIsNoFailure() throws {
        let gateway = try TestRunner(["--functions", RunnerCommand.functions])
        let (status, findings) = try doctor(["--port", "\(gateway.port)"])
        #expect(status == 0)
        #expect(complaint(findings, "A gateway already answers on 127.0.0.1 port \(gateway.port)"))
    }

    /// Neither text that resembles the response of `health` nor an endless response is mistaken for a gateway.
    @Test(arguments: [
        "c.sendall(b'HTTP/1.1 404 Not Found\\r\\n\\r\\n{\"data\":{\"checks\":{\"database\":{}}}}')",
        "c.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\nsee \"checks\":{\"database\":')",
        "while True: c.sendall(b'H'); time.sleep(0.05)",
    ]) func aPortThatSomethingElseHasIsAFailure(_ answer: String) throws {
        let server = """
            import socket, threading, time
            s = socket.create_server(('127.0.0.1', 0))
            open('port', 'w').write(str(s.getsockname()[1]))
            c = s.accept()[0]
            c.recv(65536)
            \(answer)
            """
        let child = try TestRunner.start(["python3", "-c", server], in: command.folder)
        defer {
            kill(child, SIGKILL)
            waitpid(child, nil, 0)
        }
        let file = command.folder.appendingPathComponent("port")
        var port: String?
        for _ in 0..<500 where port?.isEmpty ?? true {
            usleep(10_000)
            port = try? String(contentsOf: file, encoding: .utf8)
        }
        let number = try #require(port)
        let (status, findings) = try doctor(["--port", number])
        #expect(status == 1 && complaint(findings, "Cannot listen on 127.0.0.1 port \(number)"))
    }

    @Test func brokenFunctionsTwiceServedRoutesAndATakenPortAreNamed() throws {
        let gateway = try TestRunner()
        let functions = gateway.folder.appendingPathComponent("functions")
        _ = try command.shell([
            "sh", "-c",
            "cp '\(functions.path)/look' '\(functions.path)/twin'; printf '#!/bin/sh\\necho no' > '\(functions.path)/broken'; chmod 755 '\(functions.path)/broken'",
        ])
        let (status, findings) = try doctor(["--port", "\(gateway.port)"], functions: functions.path)
        #expect(status == 1)
        #expect(
            complaint(findings, "Two functions serve GET /echo/{name}")
                && complaint(findings, "broken: --describe did not print JSON"))
        #expect(
            complaint(findings, "Cannot listen on 127.0.0.1 port \(gateway.port)")
                && complaint(findings, "no function health"))
    }
}
