import Crypto
import FunctionRuntime
import Glibc
import Models
import Wire

/// A function for tests of gateways: answers with what reached it. It is no part of the product.
///
/// It prints noise on stdout all the while, which must not get into the answer. Query parameters ask
/// for more: `bytes=N` for an answer with N bytes of padding, `parts=N` for a stream of N events, a
/// fifth of a second apart, `fails=N` for a body that fails after N bytes.
@main struct Echo {
    private static let path = "/echo/{text}"
    private static let maximumBody = 8 << 20

    static func main() {
        let program = Program(
            name: "echo", version: "0", methods: ["POST", "GET", "HEAD", "PUT", "OPTIONS"], path: path,
            basePath: "/api/v1", maximumBody: maximumBody, describe: { description },
            help: { FunctionHelp(summary: "Echo", input: "    nothing", example: [:]) }, handle: answer)
        exit(program.run(arguments: CommandLine.arguments))
    }

    private static var description: JSON {
        [
            "name": "echo", "operationId": "echo", "method": "POST", "aliases": ["GET", "HEAD", "PUT"],
            "path": .string(path), "tag": "Tests", "summary": "Echo", "timeoutSeconds": 30, "streams": true,
            "rateLimit": "general", "maxBodyBytes": .int(Int64(maximumBody)), "access": "anyone", "keyScope": "write",
            "parameters": [], "responses": [],
        ]
    }

    private static func answer(_ request: Request) throws -> Response {
        print("noise that a handler prints")
        fflush(nil)
        if let parts = number("parts", in: request) {
            return Response(
                status: 200, headers: [("content-type", "text/event-stream")],
                body: .stream { stream in
                    for part in 0..<parts {
                        if part > 0 { usleep(200_000) }
                        try stream.send("data: \(part)\n\n")
                    }
                })
        }
        if let length = number("fails", in: request) {
            let body = try EncodedJSON { writer in
                writer.value(String(repeating: "x", count: length))
                throw APIError(.serviceUnavailable, "The body failed")
            }
            return .json(200) { $0.value(body) }
        }
        var response = Response.json(200) { writer in write(request, to: &writer) }
        response.cookies = ["first=1; Path=/", "second=2; Path=/"]
        return response
    }

    private static func number(_ name: String, in request: Request) -> Int? {
        request.queryValue(name).flatMap { Int($0) }.map { min(max($0, 0), 8 << 20) }
    }

    private static func write(_ request: Request, to writer: inout JSONWriter) {
        writer.object { json in
            json.key("method")
            json.value(request.method)
            json.key("path")
            json.value(request.path)
            json.key("text")
            json.value(request.pathParameter("text") ?? "")
            json.key("query")
            pairs(request.query, to: &json)
            json.key("headers")
            pairs(request.headers, to: &json)
            json.key("cookies")
            json.array { list in for cookie in request.cookies { list.value(cookie) } }
            json.key("sourceIP")
            json.value(request.sourceIP)
            json.key("bodyLength")
            json.value(request.body.count)
            json.key("bodySHA256")
            json.value(hexadecimal(SHA256.hash(request.body)))
            json.key("httpProxy")
            json.value(getenv("HTTP_PROXY").map { String(cString: $0) } ?? "")
            json.key("padding")
            json.value(String(repeating: "x", count: number("bytes", in: request) ?? 0))
        }
    }

    private static func pairs(_ pairs: [(name: String, value: String)], to writer: inout JSONWriter) {
        writer.array { list in
            for (name, value) in pairs {
                list.array { pair in
                    pair.value(name)
                    pair.value(value)
                }
            }
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
