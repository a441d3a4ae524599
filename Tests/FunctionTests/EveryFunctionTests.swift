import Foundation
import TestSupport
import Testing

/// What every function guarantees, whatever it does.
@Suite struct EveryFunctionTests {
    /// By default, SQLite's files would be readable by every user.
    @Test func whatIsKeptIsForNobodyElseToRead() throws {
        let installation = try Installation(environment: ["RATE_LIMIT_GENERAL": "10"])
        let data = installation.folder.appendingPathComponent("data")
        try FileManager.default.createDirectory(
            at: data, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        let token = try installation.register()
        _ = try installation.upload("text", named: "a.txt", to: try installation.makeWorkspace(token), token: token)
        let kept = FileManager.default.enumerator(atPath: data.path)?.compactMap { $0 as? String } ?? []
        if TestDatabase.isOnServer {
            #expect(kept.isEmpty, "the server has everything: \(kept)")
        } else {
            #expect(kept.count >= 6 && kept.contains("nexlayer.db-wal"), "\(kept)")
        }
        for name in kept {
            var information = stat()
            #expect(stat(data.appendingPathComponent(name).path, &information) == 0)
            #expect(information.st_mode & 0o077 == 0, "\(name)")
        }
    }

    @Test func functionsFoldersAndThePackageAgree() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Installation.root.appendingPathComponent("Functions").path)
        let manifest = try String(
            contentsOf: Installation.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let list = try #require(
            manifest.components(separatedBy: "let functions = [").last?.components(separatedBy: "]").first)
        let listed = list.split(separator: "\"").map(String.init).filter { $0.first?.isLetter == true }
        let expected = listed.map { $0.split(separator: "-").map(\.capitalized).joined() }.sorted()
        #expect(folders.sorted() == expected)
        #expect(Installation.names == listed.sorted(), "run make build")
        #expect(listed.count >= 35)
    }

    @Test(arguments: Installation.names) func describesItself(_ name: String) throws {
        let installation = try Installation()
        let output = try installation.run(name, arguments: ["--describe"])
        let description = try #require(
            try JSONSerialization.jsonObject(with: output.standardOutput) as? [String: Any])
        #expect(description["name"] as? String == name)
        #expect((description["responses"] as? [Any])?.isEmpty == false)
        let help = String(decoding: try installation.run(name, arguments: ["--help"]).standardOutput, as: UTF8.self)
        #expect(help.contains("USAGE") && help.contains(name))
        #expect(try installation.run(name, arguments: ["--version"]).standardOutput.starts(with: Data("\(name) ".utf8)))
        #expect(try installation.run(name, arguments: ["--nonsense"]).status == 64)
        guard !["backup", "check-index", "run-jobs", "transfer"].contains(name) else { return }
        let path = try #require(description["path"] as? String)
        #expect(help.contains(path))
        let parameters = (description["parameters"] as? [[String: Any]] ?? []).filter { $0["in"] as? String == "path" }
        #expect(path.filter { $0 == "{" }.count == parameters.count, "each path parameter is described")
    }

    /// Any input gets a response, the next line is served, and nothing crashes.
    @Test(arguments: Installation.names) func survivesAnyInput(_ name: String) throws {
        let installation = try Installation()
        var huge = Data(#"{"body":""#.utf8)
        huge.append(Data(repeating: UInt8(ascii: "a"), count: 60_000_000))
        huge.append(Data("\"}".utf8))
        let inputs: [(Data, Set<Int>)] = [
            (Data("{}".utf8), [200, 401, 422]),
            (Data(), [400]),
            (Data("not json".utf8), [400]),
            (Data(repeating: UInt8(ascii: "["), count: 1_000_000), [400]),
            (Data(#"{"body":{"email":1},"headers":{"authorization":"Bearer x"}}"#.utf8), [200, 401, 422]),
            (Data(#"{"headers":5}"#.utf8), [400]),
            (Data([0xFF, 0xFE, 0x00]), [400]),
            (huge, [200, 401, 413]),
            (Data("{}".utf8), [200, 401, 422]),
        ]
        let output = try installation.run(name, input: Installation.lines(inputs.map(\.0)))
        #expect(output.status == 0)
        let answers = try Answer.lines(output.standardOutput)
        try #require(answers.count == inputs.count)
        for (answer, (_, allowed)) in zip(answers, inputs) {
            #expect(allowed.contains(answer.status), "\(answer.status) \(answer.code ?? "")")
            #expect(answer.headers["x-request-id"]?.isEmpty == false)
            // The OpenAPI document and the docs page are not wrapped in our success object.
            if answer.status == 200, name == "openapi" || name == "docs" { continue }
            #expect(answer.json["success"] as? Bool == (answer.status == 200))
        }
        let silent = try installation.run(name)
        #expect(silent.status == 0 && silent.standardOutput.isEmpty)
    }

    @Test func aBadConfigurationStopsTheStartByName() throws {
        let output = try Installation(environment: ["MAX_UPLOAD_BYTES": "lots"]).run("health")
        #expect(output.status == 78)
        #expect(output.standardError.contains("MAX_UPLOAD_BYTES must be"))
        for path in ["api", "/a b", "/a/../b", "//", "/a?b"] {
            let output = try Installation(environment: ["BASE_PATH": path]).run("health")
            #expect(output.status == 78 && output.standardError.contains("BASE_PATH"), "\(path)")
        }
        let weak = try Installation(environment: ["JWT_SECRET": "tooshort"]).run("health")
        #expect(weak.status == 78)
        #expect(!weak.standardError.contains("tooshort"))
    }
}
