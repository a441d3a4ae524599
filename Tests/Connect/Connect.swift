import Glibc
import Platform
import Postgres
import Wire

/// Connects to DATABASE_URL and prints the first column of what a statement returns: `connect 'SELECT …'`.
@main struct Connect {
    static func main() {
        do {
            let address = try PostgresAddress(Environment.value("DATABASE_URL") ?? "")
            let connection = try PostgresConnection(to: address, timeout: 5000)
            for text in CommandLine.arguments.dropFirst() {
                try connection.run(
                    PostgresStatement(text),
                    row: { row in
                        print(row.bytes(at: 0).text)
                        return true
                    })
            }
        } catch {
            Array("\(error)\n".utf8).withUnsafeBufferPointer { _ = Descriptor.writeAll($0, to: 2) }
            exit(1)
        }
    }
}
