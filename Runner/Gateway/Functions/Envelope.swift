import Wire

/// Envelopes as people read and change them: with a JSON body as JSON rather than as text in text.
enum Envelope {
    static func parse(_ bytes: Bytes) -> JSON? {
        do throws(JSONError) { return try JSONReader.parse(bytes) } catch { return nil }
    }

    static func unfolded(_ envelope: JSON) -> JSON {
        guard var object = envelope.object, let body = object["body"]?.string, object["isBase64Encoded"]?.bool != true,
            let json = SecretMask.document(body)
        else { return envelope }
        object.replace("body", with: json)
        return .object(object)
    }

    /// With the body as text, as functions get it from a gateway.
    static func folded(_ envelope: JSON) -> JSON {
        guard var object = envelope.object, let body = object["body"] else { return envelope }
        switch body {
        case .object, .array: object.replace("body", with: .string(body.text))
        default: break
        }
        return .object(object)
    }

    /// What was edited from what had been masked, with the secrets back wherever they were left alone.
    static func restored(_ edited: JSON, masked: JSON, original: JSON) -> JSON {
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

    /// The envelope as a line, under a request id of its own.
    static func line(_ envelope: JSON, requestID: String) -> ByteBuffer {
        var object = envelope.object ?? JSONObject()
        var context = object["requestContext"]?.object ?? JSONObject()
        context.replace("requestId", with: .string(requestID))
        context.replace("timeEpoch", with: .int(Timestamp.now().milliseconds))
        object.replace("requestContext", with: .object(context))
        // A caller's own id would win over the context's.
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

extension JSONObject {
    /// Sets a member where it stands, or appends it.
    mutating func replace(_ key: String, with value: JSON) {
        guard members.contains(where: { $0.key == key }) else { return self[key] = value }
        var changed = JSONObject()
        for member in members { changed.append(member.key, member.key == key ? value : member.value) }
        self = changed
    }
}
