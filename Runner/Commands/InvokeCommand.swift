import Gateway
import Glibc
import HTTP
import Wire

/// `runner invoke NAME`
package enum InvokeCommand {
    package static func run(_ options: Options) -> Int32 {
        guard let name = options.operands.first, options.operands.count == 1 else {
            return Terminal.fail("invoke needs the name of one function; see runner help invoke", code: 64)
        }
        let envelope: JSON
        do throws(OptionError) { envelope = try Self.envelope(options) } catch {
            return Terminal.fail(error.description, code: error.source.rawValue)
        }
        guard let server = GatewaySetup.makeServer(options) else { return GatewaySetup.failed() }
        guard server.learnFunctions() != nil else { return GatewaySetup.folderFailed(options) }
        defer { server.stop() }
        guard let function = server.function(named: name) else {
            let names = server.functions.map(\.name)
            return Terminal.fail(
                "there is no function \"\(name)\"\(Spelling.hint(name, among: names) ?? "; runner routes lists all functions")",
                code: 78)
        }
        let id = envelope["requestContext"]?["requestId"]?.string ?? server.nextRequestID()
        var object = envelope.object ?? JSONObject()
        if envelope["requestContext"]?["requestId"] == nil {
            var context = envelope["requestContext"]?.object ?? JSONObject()
            context["requestId"] = .string(id)
            object.replace("requestContext", with: .object(context))
        }
        let line = ByteBuffer(JSON.object(object).text)
        line.append(ASCII.lineFeed)
        guard let outcome = server.call(function, line, requestID: id) else { return 130 }
        if let error = outcome.error { return Terminal.fail(error.message, code: 1) }
        show(outcome, options)
        return outcome.status < 400 ? 0 : 1
    }

    private static func show(_ outcome: CallOutcome, _ options: Options) {
        let terminal = Terminal(options)
        guard terminal.isTerminal, !options.invoke.isRaw else {
            return Terminal.write(outcome.lines.joined(separator: "\n") + "\n")
        }
        let answers = outcome.lines.map { (try? JSONReader.parse($0)) ?? .string($0) }
        guard let head = answers.first else { return }
        Terminal.write(terminal.paint("\(outcome.status)", outcome.status < 400 ? .green : .red) + "\n")
        for header in head["headers"]?.object?.members ?? [] {
            Terminal.write(terminal.paint(header.key, .dim) + ": \(header.value.string ?? header.value.text)\n")
        }
        let body =
            Envelope.unfolded(head)["body"] ?? .string(answers.dropFirst().compactMap { $0["chunk"]?.string }.joined())
        Terminal.write("\n" + (body.string ?? body.pretty()) + "\n")
    }

    /// The envelope of `--event`, or one made from the other options.
    private static func envelope(_ options: Options) throws(OptionError) -> JSON {
        let given = options.invoke
        guard let event = given.event else { return built(given) }
        guard given.pathParameters.isEmpty, given.query.isEmpty, given.headers.isEmpty, given.body == nil else {
            throw OptionError(
                source: .commandLine, description: "--event is the whole request and excludes the other options")
        }
        guard let bytes = FileContents.read(event) else {
            throw OptionError(
                source: .commandLine, description: "--event \(event): \(String(cString: strerror(errno)))")
        }
        guard let json = bytes.withUnsafeBufferPointer({ Envelope.parse($0) }), json.object != nil else {
            throw OptionError(source: .commandLine, description: "--event \(event): should be a JSON object")
        }
        return json
    }

    private static func built(_ given: Options.Invoke) -> JSON {
        var envelope = JSONObject()
        func add(_ name: String, _ pairs: [(key: String, value: String)]) {
            guard !pairs.isEmpty else { return }
            var object = JSONObject()
            for pair in pairs {
                // As in API Gateway, repeated values are joined.
                object[pair.key] = .string((object[pair.key]?.string.map { $0 + "," } ?? "") + pair.value)
            }
            envelope[name] = .object(object)
        }
        add("pathParameters", given.pathParameters)
        add("queryStringParameters", given.query)
        add("headers", given.headers.map { ($0.key.lowercased(), $0.value) })
        if !given.query.isEmpty {
            envelope["rawQueryString"] = .string(
                given.query.map { "\(PercentEncoding.encode($0.key))=\(PercentEncoding.encode($0.value))" }.joined(
                    separator: "&"))
        }
        if let body = given.body { envelope["body"] = .string(body) }
        return .object(envelope)
    }
}
