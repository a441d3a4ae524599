import Foundation
import Testing

/// Published test vectors, read from the files in `Vectors`; its README names their sources.
enum Vectors {
    /// The records of a NIST response file: `name = value` lines, separated by blank lines. Values keep their text.
    static func records(_ file: String) throws -> [[String: String]] {
        try text(file).components(separatedBy: "\n\n").compactMap { block in
            var record: [String: String] = [:]
            for line in block.components(separatedBy: "\n") where !line.hasPrefix("#") && !line.hasPrefix("[") {
                let parts = line.components(separatedBy: " = ")
                if parts.count == 2 { record[parts[0]] = parts[1] }
            }
            return record.isEmpty ? nil : record
        }
    }

    /// The lines of a file that are not comments, each split at blanks.
    static func rows(_ file: String) throws -> [[String]] {
        try text(file).components(separatedBy: "\n").filter { !$0.isEmpty && !$0.hasPrefix("#") }
            .map { $0.components(separatedBy: " ") }
    }

    private static func text(_ file: String) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors")
        return try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }
}

/// The bytes of hexadecimal text; `-` stands for none.
func bytes(hex: String?) throws -> [UInt8] {
    let digits = Array(try #require(hex).utf8)
    if digits == [UInt8(ascii: "-")] { return [] }
    try #require(digits.count.isMultiple(of: 2))
    return try stride(from: 0, to: digits.count, by: 2).map { index in
        try #require(UInt8(String(decoding: digits[index..<(index + 2)], as: UTF8.self), radix: 16))
    }
}
