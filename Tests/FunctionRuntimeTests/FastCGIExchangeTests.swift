import Testing
import Wire

@testable import FunctionRuntime

/// The records of FastCGI, put together without a connection.
@Suite struct FastCGIExchangeTests {
    private static let pairs: [UInt8] =
        [4, 1] + Array("NAMEv".utf8) + [1, 0x80, 0, 0, 130] + [0x4E] + Array(repeating: 0x61, count: 130)

    /// A whole request, its streams in records of `size` bytes.
    private static func request(id: UInt16 = 1, body: [UInt8] = Array("the body".utf8), size: Int = 5) -> [UInt8] {
        let bytes = ByteBuffer()
        bytes.append(.beginRequest, id: id, [0, 1, FastCGI.keepConnectionFlag, 0, 0, 0, 0, 0])
        for (type, content) in [(FastCGI.RecordType.parameters, pairs), (.input, body)] {
            for start in stride(from: 0, to: content.count, by: size) {
                bytes.append(type, id: id, content[start..<min(content.count, start + size)])
            }
            bytes.append(type, id: id, [])
        }
        return Array(bytes.bytes)
    }

    private static func exchange(maximumBody: Int = 1000) -> FastCGIExchange {
        FastCGIExchange(maximumBody: maximumBody, maximumConnections: 5)
    }

    @Test(arguments: [1, 2, 7, 8, 9, 100, 100_000]) func piecesOfAnySizeMakeTheSameRequest(piece: Int) throws {
        let exchange = Self.exchange()
        let input = ByteBuffer()
        let bytes = Self.request() + Self.request(body: [])
        for start in stride(from: 0, to: bytes.count, by: piece) {
            input.append(contentsOf: bytes[start..<min(bytes.count, start + piece)])
            try exchange.take(from: input)
        }
        let request = try #require(exchange.request)
        #expect(request.isComplete && request.body == Array("the body".utf8))
        var parameters = FastCGIPairs(request.parameters.bytes)
        let first = try #require(try parameters.next())
        #expect(first.name.elementsEqual("NAME".utf8) && first.value.elementsEqual("v".utf8))
        #expect(try parameters.next()?.value.count == 130)
        #expect(try parameters.next() == nil)

        exchange.finish()
        try exchange.take(from: input)
        #expect(exchange.request?.isComplete == true && exchange.request?.body.isEmpty == true)
        #expect(input.isEmpty && exchange.replies.isEmpty && !exchange.isOver)
    }

    @Test func ofLargeBodiesTheRestIsCountedAndForgotten() throws {
        let exchange = Self.exchange(maximumBody: 100)
        try exchange.take(from: ByteBuffer(Self.request(body: Array(repeating: 7, count: 10_000), size: 90)))
        let request = try #require(exchange.request)
        #expect(request.isComplete && request.bodyLength == 10_000)
        #expect(request.body.count > 100 && request.body.count < 200)
    }

    /// Requests with bytes changed, cut out and doubled: taken or refused, never a crash.
    @Test func noiseIsTakenOrRefused() {
        var chance = SystemRandomNumberGenerator()
        let whole = Self.request() + Self.request(id: 2)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                let index = Int.random(in: 0..<bytes.count - 20, using: &chance)
                switch Int.random(in: 0..<3, using: &chance) {
                case 0: bytes[index] = .random(in: 0...255, using: &chance)
                case 1: bytes.removeSubrange(index..<index + Int.random(in: 1..<10, using: &chance))
                default:
                    bytes.insert(contentsOf: bytes[index..<index + Int.random(in: 1..<10, using: &chance)], at: index)
                }
            }
            let exchange = Self.exchange(maximumBody: 20)
            do throws(FastCGI.Malformed) {
                try exchange.take(from: ByteBuffer(bytes))
                guard let request = exchange.request else { continue }
                var pairs = FastCGIPairs(request.parameters.bytes)
                while try pairs.next() != nil {}
            } catch {
                refused += 1
            }
        }
        #expect(refused > 100 && refused < 20_000)
    }
}
