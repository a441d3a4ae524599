import Gateway
import Wire

/// `runner routes`
package enum RoutesCommand {
    package static func run(_ options: Options) -> Int32 {
        guard let log = GatewaySetup.makeLog(options), let server = GatewaySetup.makeServer(options, log: log)
        else { return GatewaySetup.failed() }
        guard let functions = server.learnFunctions() else { return GatewaySetup.folderFailed(options) }
        log.flush()
        let basePath = options.gateway.basePath
        if options.printsJSON {
            Terminal.write(JSON.array(functions.flatMap { json($0, basePath: basePath) }).pretty() + "\n")
        } else {
            Terminal.write(table(functions.flatMap { rows($0, basePath: basePath) }))
        }
        return 0
    }

    private static func json(_ function: FunctionDescription, basePath: String) -> [JSON] {
        let methods: [String?] = function.route?.methods ?? [nil]
        return methods.map { method in
            [
                "function": .string(function.name), "method": method.map { .string($0) } ?? .null,
                "path": function.route.map { .string(basePath + $0.path) } ?? .null,
                "summary": .string(function.summary), "timeoutSeconds": .double(function.timeout),
                "streams": .bool(function.streams), "maxBodyBytes": .int(Int64(function.maximumBodyBytes)),
                "executable": .string(function.executable),
            ]
        }
    }

    private static func rows(_ function: FunctionDescription, basePath: String) -> [[String]] {
        let timeout = JSON.double(function.timeout).text + " s"
        guard let route = function.route else { return [["-", "-", function.name, timeout]] }
        return route.methods.map { [$0, basePath + route.path, function.name, timeout] }
    }

    private static func table(_ rows: [[String]]) -> String {
        let rows = [["METHOD", "PATH", "FUNCTION", "TIMEOUT"]] + rows
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] + 2 - cell.count)
            }.joined()
        }.joined(separator: "\n") + "\n"
    }
}
