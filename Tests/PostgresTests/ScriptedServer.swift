import Foundation
import Wire

@testable import Postgres

/// What a server would send.
enum Reply {
    static func message(_ type: Character, _ body: [UInt8] = []) -> [UInt8] {
        [type.asciiValue ?? 0] + int32(body.count + 4) + body
    }

    static func int32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    static func int16(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }
    static func string(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    static func authentication(_ request: Int, _ rest: [UInt8] = []) -> [UInt8] { message("R", int32(request) + rest) }
    static func parameter(_ name: String, _ value: String) -> [UInt8] { message("S", string(name) + string(value)) }
    static func ready(_ status: Character = "I") -> [UInt8] { message("Z", [status.asciiValue ?? 0]) }
    static func complete(_ tag: String) -> [UInt8] { message("C", string(tag)) }

    static func columns(_ types: [Int]) -> [UInt8] {
        var body = int16(types.count)
        for type in types {
            // Its name, table, number in that, type, length, modifier and format.
            body += string("c") + int32(0) + int16(0)
            body += int32(type) + int16(8) + int32(-1) + int16(1)
        }
        return message("T", body)
    }

    static func row(_ values: [[UInt8]?]) -> [UInt8] {
        var body = int16(values.count)
        for value in values { body += int32(value?.count ?? -1) + (value ?? []) }
        return message("D", body)
    }

    static func error(_ state: String, severity: String = "ERROR") -> [UInt8] {
        message("E", ["S\(severity)", "V\(severity)", "C\(state)", "Mscripted", "Ddetail", ""].flatMap(string))
    }

    static let parsed = message("1")
    static let bound = message("2")
    static let notice = message("N", ["SNOTICE", "C00000", "Mhello", ""].flatMap(string))
    static let notification = message("A", int32(1) + string("channel") + string("payload"))
    /// To BEGIN in front of a statement.
    static let begun = parsed + bound + complete("BEGIN")

    static func int8(_ value: Int64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    /// To a statement that returns one column of `int8`.
    static func numbers(_ values: [Int64?], status: Character = "I") -> [UInt8] {
        parsed + bound + columns([20]) + values.flatMap { row([$0.map(int8)]) } + complete("SELECT \(values.count)")
            + ready(status)
    }
}

/// The other end of a connection. It has sent its answers before it was asked.
final class ScriptedServer {
    let connection: PostgresConnection
    private let descriptor: Int32

    /// - Parameters:
    ///   - answers: less than what a socket holds, some 200 KB.
    ///   - closes: whether the server then closes the connection; otherwise it says nothing more.
    init(_ answers: [UInt8], closes: Bool = true, usesNames: Bool = true, timeout: Int = 2000) {
        var ends: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        descriptor = ends[1]
        connection = PostgresConnection(Transport(ends[0]), usesNames: usesNames, timeout: timeout, Patience(timeout))
        answers.withUnsafeBytes { _ = write(ends[1], $0.baseAddress, $0.count) }
        if closes { shutdown(ends[1], Int32(SHUT_WR)) }
    }

    deinit { close(descriptor) }

    /// Stops receiving.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// What the client has sent since the last call.
    var received: [UInt8] {
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        let count = recv(descriptor, &piece, piece.count, Int32(MSG_DONTWAIT))
        return Array(piece.prefix(max(0, count)))
    }

    static func messages(_ bytes: [UInt8]) -> [(type: Character, body: [UInt8])] {
        var messages: [(Character, [UInt8])] = []
        var rest = bytes[...]
        while rest.count >= 5 {
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            messages.append(
                (Character(Unicode.Scalar(rest[rest.startIndex])), Array(rest.dropFirst(5).prefix(length - 4))))
            rest = rest.dropFirst(1 + length)
        }
        return messages
    }

    /// The types of the messages among these bytes.
    static func types(_ bytes: [UInt8]) -> String { String(messages(bytes).map(\.type)) }
}

/// A server that answers each message as `respond` says, on a thread of its own.
final class RespondingServer {
    let connection: PostgresConnection
    private let descriptor: Int32
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter respond: gets all that has arrived since its last answer; nil closes the connection.
    init(timeout: Int = 2000, _ respond: @escaping @Sendable ([UInt8]) -> [UInt8]?) {
        var ends: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        connection = PostgresConnection(Transport(ends[0]), usesNames: true, timeout: timeout, Patience(timeout))
        descriptor = ends[1]
        let (end, ended) = (ends[1], ended)
        Thread.detachNewThread {
            var piece = [UInt8](repeating: 0, count: 65_536)
            while case let count = read(end, &piece, piece.count), count > 0 {
                guard let answer = respond(Array(piece.prefix(count))) else { break }
                answer.withUnsafeBytes { _ = send(end, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
            shutdown(end, Int32(SHUT_RDWR))
            ended.signal()
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        ended.wait()
        close(descriptor)
    }
}
