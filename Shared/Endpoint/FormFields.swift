import FunctionRuntime
import Models
import Wire

/// The fields of a form, or of the JSON that may come in its place.
extension Fields {
    /// The files of a form. At least one is required.
    public mutating func files(_ name: String, _ about: String) -> [MultipartForm.Part] {
        switch source {
        case .description:
            isForm = true
            bodyProperties[name] = JSON.object(["type": "string", "format": "binary"]).describing(about)
            bodyRequired.append(.string(name))
            return []
        case .request(let request, _, let form):
            if Self.hasJSON(request) { return [] }
            let files = form?.parts.filter { $0.name == name && $0.fileName != nil } ?? []
            if files.isEmpty {
                bodyErrors.append(
                    FieldError(field: name, reason: "\(name) is required: send it as multipart/form-data"))
            }
            return files
        }
    }

    /// A field of a body of JSON that comes instead of a form, and refers to its file. It is required there.
    public mutating func insteadOfFiles<V>(_ name: String, _ type: ValueType<V>, _ about: String) -> V? {
        switch source {
        case .description:
            alternativeProperties[name] = type.schema().describing(about)
            alternativeRequired.append(.string(name))
            return nil
        case .request(let request, _, _):
            return Self.hasJSON(request) ? body(name, type, about, required: true) : nil
        }
    }

    /// A field of a form that may be absent; an empty one counts as absent.
    public mutating func formField<V>(_ name: String, _ type: ValueType<V>, _ about: String) -> V? {
        switch source {
        case .description:
            // Web pages send empty fields too.
            bodyProperties[name] = JSON.object(["anyOf": [type.schema(), ["const": ""]]]).describing(about)
            alternativeProperties[name] = type.schema().orNull.describing(about)
        case .request(let request, _, let form):
            if Self.hasJSON(request) { return body(name, type, about, required: false) }
            guard let part = form?.parts.first(where: { $0.name == name }), !part.content.isEmpty else { return nil }
            do throws(Invalid) {
                return try type.parseText(String(decoding: part.content, as: UTF8.self))
            } catch {
                bodyErrors += error.fieldErrors(in: name)
            }
        }
        return nil
    }

    /// Whether a request for a form has a body of JSON instead, with a reference in place of the files.
    static func hasJSON(_ request: Request) -> Bool {
        guard let type = request.header("content-type") else {
            return request.isBare && request.body.first == UInt8(ascii: "{")
        }
        return type.prefix(beforeAnyOf: ";").trimmed.lowercasedASCII == "application/json" && !request.body.isEmpty
    }
}
