import Commands
import Gateway
import Inspector

/// What `runner serve` prints when it is ready.
struct Greeting {
    let text: String

    init(_ options: Options, port: UInt16, functions: [FunctionDescription]) {
        let host =
            switch options.host {
            case "0.0.0.0", "::", "localhost": "localhost"
            case let address: address.contains(":") ? "[\(address)]" : address
            }
        let configuration = options.configuration
        let base = options.socket ?? "http://\(host):\(port)"
        let url = (options.socket.map { "--unix-socket \($0) http://localhost" } ?? base) + configuration.basePath
        // Browsers cannot connect to Unix sockets.
        let pages = [
            ("Reference    ", configuration.basePath + "/docs", functions.contains { $0.route?.path == "/docs" }),
            ("Inspector    ", Inspector.root, options.inspector.isEnabled),
        ].filter { $0.2 && options.socket == nil }.map { "\($0.0)\(base)\($0.1)\n" }.joined()
        let data = options.hasDatabaseServer ? "PostgreSQL (DATABASE_URL)" : options.dataFolder
        text = """
            Listening on \(base)
            Data in      \(data)
            Functions    \(functions.count) from \(configuration.functionsFolder)
            \(pages)
            Try (the first user to register becomes the administrator):
              curl \(url)/health
              TOKEN=$(curl -s \(url)/auth/register -H 'Content-Type: application/json' \
            -d '{"email":"you@example.com","password":"correct horse","name":"You"}' | \
            sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
              curl \(url)/workspaces -H "Authorization: Bearer $TOKEN"


            """
    }
}
