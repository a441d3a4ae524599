import Glibc
import Platform
import Wire

/// A file with passwords, as libpq reads it: a line is `host:port:database:user:password`, where `*` matches everything,
/// and a backslash precedes a colon or backslash.
struct PasswordFile: Sendable {
    let path: String

    /// The file that `PGPASSFILE` names, or `.pgpass` in the home folder.
    init?(_ environment: (String) -> String?) {
        if let path = environment("PGPASSFILE"), !path.isEmpty {
            self.path = path
        } else if let home = environment("HOME"), !home.isEmpty {
            path = "\(home)/.pgpass"
        } else {
            return nil
        }
    }

    /// The password in the first line that matches; nil without one, or if there is no file.
    /// - Throws: `.configuration` if others may read the file, or it cannot be read.
    func password(for address: PostgresAddress) throws(PostgresError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw PostgresError(.configuration, "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw PostgresError(.configuration, "\(path) is no file")
        }
        guard status.st_mode & (S_IRWXG | S_IRWXO) == 0 else {
            throw PostgresError(.configuration, "\(path) has passwords, and others may read it. Run: chmod 600 \(path)")
        }
        let content = ByteBuffer()
        while content.count < Self.maximumLength {
            guard let count = Descriptor.read(from: descriptor, into: content, atMost: 4096) else {
                throw PostgresError(.configuration, "\(path): \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
        }
        return Self.password(in: content.text, for: address)
    }

    private static let maximumLength = 1 << 20

    static func password(in content: String, for address: PostgresAddress) -> String? {
        for line in content.split(atByte: "\n") where !line.starts(withBytes: "#") {
            let fields = fields(of: line)
            guard fields.count == 5 else { continue }
            let wanted = [address.host, String(address.port), address.database, address.user]
            let isMatch = zip(fields, wanted).allSatisfy { $0.hasSameBytes(as: "*") || $0.hasSameBytes(as: $1) }
            if isMatch { return fields[4] }
        }
        return nil
    }

    private static func fields(of line: Substring) -> [String] {
        var fields: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in line.utf8 {
            if isEscaped {
                fields[fields.count - 1].append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: ":"), fields.count < 5 {
                fields.append([])
            } else if byte != ASCII.carriageReturn {
                fields[fields.count - 1].append(byte)
            }
        }
        return fields.map { String(decoding: $0, as: UTF8.self) }
    }
}
