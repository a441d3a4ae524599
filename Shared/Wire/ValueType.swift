// Over 300 lines: the types that every input is made of, in one list.

/// The type of an input value. One declaration both validates and describes it.
///
/// `parse` reads the value from a JSON body, `parseText` from a path, query or form field. Both report errors as a
/// sentence for the caller.
public struct ValueType<Value>: Sendable where Value: Sendable {
    public let schema: @Sendable () -> JSON
    public let example: Value
    public let parse: @Sendable (JSON) throws(Invalid) -> Value
    public let parseText: @Sendable (String) throws(Invalid) -> Value

    public init(
        schema: @escaping @Sendable () -> JSON, example: Value,
        parse: @escaping @Sendable (JSON) throws(Invalid) -> Value,
        parseText: @escaping @Sendable (String) throws(Invalid) -> Value
    ) {
        self.schema = schema
        self.example = example
        self.parse = parse
        self.parseText = parseText
    }

    /// The same type with another check or conversion of its value.
    public func map<Other: Sendable>(
        example: Other, schema: (@Sendable () -> JSON)? = nil,
        _ transform: @escaping @Sendable (Value) throws(Invalid) -> Other
    ) -> ValueType<Other> {
        let (parse, parseText) = (parse, parseText)
        return ValueType<Other>(
            schema: schema ?? self.schema, example: example,
            parse: { json throws(Invalid) in try transform(try parse(json)) },
            parseText: { text throws(Invalid) in try transform(try parseText(text)) })
    }
}

/// Why a value is invalid. Each reason completes a sentence that begins with the field's name, for example "must be at
/// most 100 characters".
public struct Invalid: Error, Equatable {
    public struct Part: Equatable, Sendable {
        /// The path of the member, such as `topK` or `filters[1].type`; empty for the whole value.
        public var path: String
        public var reason: String

        public init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }

        /// The path from the object that has the value under `name`.
        public func path(within name: String) -> String {
            if path.isEmpty { return name }
            return path.utf8.first == UInt8(ascii: "[") ? name + path : "\(name).\(path)"
        }
    }

    public let parts: [Part]
    /// Whether the value is malformed, such as an expression with an unknown operator, rather than against a rule.
    public let isMalformed: Bool

    public init(_ reason: String) { self.init([Part(path: "", reason: reason)]) }

    /// Parts of the value are invalid.
    public init(_ parts: [Part], isMalformed: Bool = false) {
        self.parts = parts
        self.isMalformed = isMalformed
    }
}

// MARK: Text

extension ValueType where Value == String {
    /// Text with a bounded number of characters (Unicode scalars), unchanged.
    public static func text(_ length: ClosedRange<Int>, example: String = "text") -> ValueType {
        string(length, example: example, format: nil) { text throws(Invalid) in text }
    }

    /// The search text of a listing: part of a name, unchanged.
    public static var searchText: ValueType {
        string(0...200, example: "handbook", format: nil, pattern: "^[^\\u0000]*$") { text throws(Invalid) in
            if text.utf8.contains(0) { throw Invalid("must not contain NUL") }
            return text
        }
    }

    /// Text that contains more than white space.
    public static func words(_ length: ClosedRange<Int>, example: String) -> ValueType {
        string(length, example: example, format: nil, pattern: "\\S") { text throws(Invalid) in
            if text.trimmed.isEmpty, !text.isEmpty { throw Invalid("must not be blank") }
            return text
        }
    }

    /// A name: trimmed, on one line, without control characters or characters that change the direction of text. Unless
    /// it may be empty, it contains a visible character.
    public static func name(_ length: ClosedRange<Int>, example: String = "Handbook") -> ValueType {
        string(length, example: example, format: nil, pattern: length.lowerBound > 0 ? namePattern : linePattern) {
            text throws(Invalid) in
            if text.unicodeScalars.contains(where: NameCharacters.isForbidden) {
                throw Invalid("must not contain control characters")
            }
            let name = text.trimmed
            if !name.isEmpty, length.lowerBound > 0, name.unicodeScalars.allSatisfy(NameCharacters.isInvisible) {
                throw Invalid("must contain a visible character")
            }
            return name
        }
    }

    private static var linePattern: String { "^[^\(NameCharacters.forbidden)]*$" }
    private static var namePattern: String {
        let (forbidden, invisible) = (NameCharacters.forbidden, NameCharacters.invisible)
        return "^[^\(forbidden)]*[^\\s\(forbidden)\(invisible)][^\(forbidden)]*$"
    }

    /// Text that `check` validates, after its type and before its length is checked.
    public static func string(
        _ length: ClosedRange<Int>, example: String, format: String?, pattern: String? = nil,
        _ check: @escaping @Sendable (String) throws(Invalid) -> String
    ) -> ValueType {
        let parseText: @Sendable (String) throws(Invalid) -> String = { text throws(Invalid) in
            let checked = try check(text)
            let count = checked.unicodeScalars.count
            if count < length.lowerBound {
                throw Invalid(
                    count == 0 ? "is required" : "must be at least \(length.lowerBound) characters")
            }
            if count > length.upperBound { throw Invalid("must be at most \(length.upperBound) characters") }
            return checked
        }
        return ValueType(
            schema: {
                var schema: JSONObject = ["type": "string"]
                if length.lowerBound > 0 { schema["minLength"] = .int(Int64(length.lowerBound)) }
                if length.upperBound < Int.max { schema["maxLength"] = .int(Int64(length.upperBound)) }
                if let format { schema["format"] = .string(format) }
                if let pattern { schema["pattern"] = .string(pattern) }
                schema["examples"] = [.string(example)]
                return .object(schema)
            },
            example: example,
            parse: { json throws(Invalid) in
                guard let text = json.string else { throw Invalid("must be a string") }
                return try parseText(text)
            },
            parseText: parseText)
    }
}

// MARK: Numbers and flags

extension ValueType where Value == Int {
    public static func integer(_ range: ClosedRange<Int>, example: Int? = nil) -> ValueType {
        let check: @Sendable (Int) throws(Invalid) -> Int = { number throws(Invalid) in
            if number < range.lowerBound || number > range.upperBound {
                throw Invalid(
                    range.upperBound == Int.max
                        ? "must be at least \(range.lowerBound)"
                        : "must be between \(range.lowerBound) and \(range.upperBound)")
            }
            return number
        }
        return ValueType(
            schema: {
                var schema: JSONObject = ["type": "integer", "minimum": .int(Int64(range.lowerBound))]
                if range.upperBound < Int.max { schema["maximum"] = .int(Int64(range.upperBound)) }
                return .object(schema)
            },
            example: example ?? range.lowerBound,
            parse: { json throws(Invalid) in
                guard let number = json.int else { throw Invalid("must be a whole number") }
                return try check(number)
            },
            parseText: { text throws(Invalid) in
                guard let number = Int(text), text.utf8.first != UInt8(ascii: "+")
                else { throw Invalid("must be a whole number") }
                return try check(number)
            })
    }
}

extension ValueType where Value == Double {
    public static func number(_ range: ClosedRange<Double>) -> ValueType {
        let check: @Sendable (Double?) throws(Invalid) -> Double = { number throws(Invalid) in
            guard let number else { throw Invalid("must be a number") }
            if !range.contains(number) {
                throw Invalid(
                    "must be between \(JSON.double(range.lowerBound).text) and \(JSON.double(range.upperBound).text)")
            }
            return number
        }
        return ValueType(
            schema: {
                ["type": "number", "minimum": .double(range.lowerBound), "maximum": .double(range.upperBound)]
            },
            example: range.lowerBound,
            parse: { json throws(Invalid) in try check(json.double) },
            parseText: { text throws(Invalid) in try check(Double(text)) })
    }
}

extension ValueType where Value == Bool {
    public static var flag: ValueType {
        ValueType(
            schema: { ["type": "boolean"] }, example: false,
            parse: { json throws(Invalid) in
                guard let flag = json.bool else { throw Invalid("must be true or false") }
                return flag
            },
            parseText: { text throws(Invalid) in
                guard let flag = Bool(text) else { throw Invalid("must be true or false") }
                return flag
            })
    }
}

extension ValueType where Value == Timestamp {
    /// The example is in the distant future, because some fields require a future time.
    public static var timestamp: ValueType {
        let example = Timestamp(milliseconds: 4_102_444_799_000)
        let parseText: @Sendable (String) throws(Invalid) -> Timestamp = { text throws(Invalid) in
            guard let time = Timestamp(text)
            else { throw Invalid("must be a time in ISO 8601, such as 2026-11-23T20:45:24.120Z") }
            return time
        }
        return ValueType(
            schema: { ["type": "string", "format": "date-time", "examples": [.string(example.description)]] },
            example: example,
            parse: { json throws(Invalid) in try parseText(json.string ?? "") },
            parseText: parseText)
    }
}

// MARK: Words, lists

extension ValueType where Value: JSONWord {
    public static func oneOf(_ type: Value.Type = Value.self, example: Value) -> ValueType {
        let parseText: @Sendable (String) throws(Invalid) -> Value = { text throws(Invalid) in
            guard let value = Value(rawValue: text) else {
                throw Invalid("must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return value
        }
        return ValueType(
            schema: { Value.schema }, example: example,
            parse: { json throws(Invalid) in try parseText(json.string ?? "") },
            parseText: parseText)
    }
}

extension ValueType {
    /// A list with a bounded number of values of one type. In text form, they are separated by commas.
    public static func list<Element>(
        of element: ValueType<Element>, count: ClosedRange<Int>
    ) -> ValueType where Value == [Element] {
        let checkCount: @Sendable (Int) throws(Invalid) -> Void = { actual throws(Invalid) in
            if !count.contains(actual) {
                throw Invalid("must have between \(count.lowerBound) and \(count.upperBound) items")
            }
        }
        return ValueType(
            schema: {
                [
                    "type": "array", "items": element.schema(),
                    "minItems": .int(Int64(count.lowerBound)), "maxItems": .int(Int64(count.upperBound)),
                ]
            },
            example: [element.example],
            parse: { json throws(Invalid) in
                guard let items = json.array else { throw Invalid("must be an array") }
                try checkCount(items.count)
                var values: [Element] = []
                for item in items { values.append(try element.parse(item)) }
                return values
            },
            parseText: { text throws(Invalid) in
                let parts = text.split(atByte: ",")
                try checkCount(parts.count)
                var values: [Element] = []
                for part in parts { values.append(try element.parseText(String(part))) }
                return values
            })
    }
}

extension String {
    /// Without leading and trailing white space.
    public var trimmed: String {
        func isVisible(_ byte: UInt8?) -> Bool { byte.map { $0 > 0x20 && $0 < 0x7F } ?? true }
        return isVisible(utf8.first) && isVisible(utf8.last) ? self : Substring(self).trimmed
    }
}

extension Substring {
    /// Without leading and trailing white space.
    public var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
