import Glibc
import Wire

/// Finds the test collections at a path: a folder in the layout of BEIR, a JSON file in that of SQuAD, or a folder of
/// such files.
enum CollectionReader {
    static func read(_ path: String) throws(EvaluationFailure) -> [TestCollection] {
        var information = stat()
        guard stat(path, &information) == 0 else { throw unreadable(path) }
        if information.st_mode & S_IFMT != S_IFDIR { return [try SQuADReader.read(path)] }
        let names = try entries(path)
        if names.contains(BEIRReader.corpus) { return [try BEIRReader.read(path)] }
        let files = names.filter { $0.ends(withBytes: ".json") }.sorted()
        guard !files.isEmpty else {
            throw .unreadable("\(path): has neither corpus.jsonl (BEIR) nor files that end in .json (SQuAD, XQuAD)")
        }
        var collections: [TestCollection] = []
        for file in files { collections.append(try SQuADReader.read("\(path)/\(file)")) }
        return collections
    }

    /// The last part of a path.
    static func name(_ path: String) -> String { path.split(atByte: "/").last.map(String.init) ?? path }

    /// The content of a file.
    static func bytes(_ path: String) throws(EvaluationFailure) -> [UInt8] {
        guard let bytes = FileContents.read(path) else { throw unreadable(path) }
        return bytes
    }

    /// The failure for a syntax error in a file. It names the line.
    static func damaged(_ path: String, _ bytes: [UInt8], _ error: JSONError) -> EvaluationFailure {
        let line = bytes[..<min(error.offset, bytes.count)].count { $0 == ASCII.lineFeed } + 1
        return .unreadable("\(path) line \(line): \(error.reason)")
    }

    private static func unreadable(_ path: String) -> EvaluationFailure {
        .unreadable("\(path): \(String(cString: strerror(errno)))")
    }

    private static func entries(_ path: String) throws(EvaluationFailure) -> [String] {
        guard let directory = opendir(path) else { throw unreadable(path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}
