import HTTP
import Wire

/// Writes response envelopes, one per line.
struct ResponseEncoder {
    let buffer: ByteBuffer

    /// A whole response. `withoutBody` is for HEAD: the headers are those of GET, without the body. `repeatedWrites` is
    /// for gateways that count it.
    func write(_ response: Response, to request: Request, withoutBody: Bool = false, repeatedWrites: Int = 0) {
        line { envelope in
            writeHead(response, to: request, &envelope)
            envelope.key("body")
            var isBase64 = false
            switch response.body {
            case _ where withoutBody: envelope.value("")
            case .none, .stream, .parts: envelope.value("")
            case .json(let write): envelope.embedded(write)
            case .text(let text): text.withUTF8Buffer { envelope.value(utf8: $0) }
            case .binary(let bytes):
                isBase64 = true
                bytes.withUnsafeBufferPointer { envelope.value(base64: $0) }
            }
            envelope.key("isBase64Encoded")
            envelope.value(isBase64)
            writeCount(repeatedWrites, &envelope)
        }
    }

    /// The first line of a streamed response.
    func writeStreamHead(_ response: Response, to request: Request) {
        line { envelope in
            writeHead(response, to: request, &envelope)
            envelope.key("stream")
            envelope.value(true)
        }
    }

    func writeChunk(_ text: String) {
        line { envelope in
            envelope.key("chunk")
            envelope.value(text)
        }
    }

    func writeChunk(_ bytes: [UInt8]) {
        line { envelope in
            envelope.key("chunk")
            bytes.withUnsafeBufferPointer { envelope.value(base64: $0) }
            envelope.key("isBase64Encoded")
            envelope.value(true)
        }
    }

    func writeStreamEnd(repeatedWrites: Int = 0) {
        line { envelope in
            envelope.key("end")
            envelope.value(true)
            writeCount(repeatedWrites, &envelope)
        }
    }

    private func writeCount(_ repeatedWrites: Int, _ envelope: inout JSONWriter) {
        if repeatedWrites == 0 { return }
        envelope.key("repeatedWrites")
        envelope.value(repeatedWrites)
    }

    private func line(_ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(into: buffer)
        writer.object(body)
        buffer.append(UInt8(ascii: "\n"))
    }

    private func writeHead(_ response: Response, to request: Request, _ envelope: inout JSONWriter) {
        envelope.key("statusCode")
        envelope.value(response.status)
        if request.format.isLoadBalancer {
            envelope.key("statusDescription")
            envelope.value("\(response.status) \(HTTPStatus.reason(response.status))")
        }
        if request.format == .loadBalancerMultiValue { return writeLists(response, to: request, &envelope) }
        envelope.key("headers")
        envelope.object { headers in
            for (name, value) in response.headers {
                headers.key(name)
                headers.value(value)
            }
            headers.key("x-request-id")
            headers.value(request.id)
            // This format holds only one cookie.
            if request.format == .loadBalancer, let cookie = response.cookies.first {
                headers.key("set-cookie")
                headers.value(cookie)
            }
        }
        guard !response.cookies.isEmpty else { return }
        // Payload 1.0 has no member for cookies, only multi-value headers.
        switch request.format {
        case .v2:
            envelope.key("cookies")
            response.cookies.write(to: &envelope)
        case .v1:
            envelope.key("multiValueHeaders")
            envelope.object { headers in
                headers.key("set-cookie")
                response.cookies.write(to: &headers)
            }
        case .loadBalancer, .loadBalancerMultiValue: break
        }
    }

    /// The headers as lists of values, for load balancers that read only this form.
    private func writeLists(_ response: Response, to request: Request, _ envelope: inout JSONWriter) {
        envelope.key("multiValueHeaders")
        envelope.object { headers in
            for (name, value) in response.headers + [("x-request-id", request.id)] {
                headers.key(name)
                [value].write(to: &headers)
            }
            guard !response.cookies.isEmpty else { return }
            headers.key("set-cookie")
            response.cookies.write(to: &headers)
        }
    }
}
