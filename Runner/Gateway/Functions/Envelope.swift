import Wire

/// Envelopes in the form that people read and edit: a JSON body is JSON, not a string.
package enum Envelope {
    package static func parse(_ bytes: Bytes) -> JSON? {
        do throws(JSONError) { return try JSONReader.parse(bytes) } catch { return nil }
    }

    /// With a JSON body as JSON.
    package static func unfolded(_ envelope: JSON) -> JSON {
        guard var object = envelope.object, let body = object["body"]?.string, object["isBase64Encoded"]?.bool != true,
            let json = document(body)
        else { return envelope }
        object.replace("body", with: json)
        return .object(object)
    }

    /// With the body as a string, as functions receive it.
    package static func folded(_ envelope: JSON) -> JSON {
        guard var object = envelope.object, let body = object["body"] else { return envelope }
        switch body {
        case .object, .array: object.replace("body", with: .string(body.text))
        default: break
        }
        return .object(object)
    }

    /// Restores the secrets in an edited envelope, wherever their masks were not edited.
    package static func restored(_ edited: JSON, masked: JSON, original: JSON) -> JSON {
        if edited == masked { return original }
        switch (edited, masked, original) {
        case (.object(let edits), .object(let masks), .object(let originals)):
            var restored = JSONObject()
            for member in edits.members {
                guard let mask = masks[member.key], let value = originals[member.key] else {
                    restored.append(member.key, member.value)
                    continue
                }
                restored.append(member.key, Self.restored(member.value, masked: mask, original: value))
            }
            return .object(restored)
        case (.array(let edits), .array(let masks), .array(let originals)):
            return .array(
                edits.enumerated().map { index, item in
                    guard index < masks.count, index < originals.count else { return item }
                    return Self.restored(item, masked: masks[index], original: originals[index])
                })
        default: return edited
        }
    }

    /// The envelope as one line, with a new request id.
    package static func line(_ envelope: JSON, requestID: String) -> ByteBuffer {
        var object = envelope.object ?? JSONObject()
        var context = object["requestContext"]?.object ?? JSONObject()
        context.replace("requestId", with: .string(requestID))
        context.replace("timeEpoch", with: .int(Timestamp.now().milliseconds))
        object.replace("requestContext", with: .object(context))
        // The caller's id in a header would override the one in the context.
        if var headers = object["headers"]?.object,
            let name = headers.members.first(where: { $0.key.lowercasedASCII == "x-request-id" })?.key
        {
            headers[name] = nil
            object.replace("headers", with: .object(headers))
        }
        let buffer = ByteBuffer(JSON.object(object).text)
        buffer.append(ASCII.lineFeed)
        return buffer
    }
}

extension Envelope {
    /// Text that is a JSON object or array.
    package static func document(_ text: String) -> JSON? {
        guard let first = text.utf8.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return nil }
        return try? JSONReader.parse(text)
    }
}
