import Wire

/// Reads vectors from the answer to `POST /embeddings`: `{"data": [{"index", "embedding"}]}`, in any order. A vector is
/// an array of numbers, or the base64 of 32-bit floats, little-endian. llama.cpp's own form is accepted, too: the list
/// without an object around it, and a vector within an array.
struct EmbeddingsAnswer {
    /// The longest vector accepted.
    private static let maximumDimensions = 16_384

    private let count: Int
    private var vectors: [[Float]?]
    private var items = 0
    private var hasList = false
    private var error: JSON?
    /// What is wrong with the vectors; the first fault is kept.
    private var fault: ProviderFailure?

    /// Reads and checks an answer.
    ///
    /// - Parameter count: how many texts were sent.
    /// - Returns: a vector for each text, of length 1, all of the same dimensions.
    /// - Throws: `ProviderFailure`.
    static func vectors(in body: [UInt8], count: Int) throws(ProviderFailure) -> [[Float]] {
        var answer = EmbeddingsAnswer(count: count)
        do {
            try body.withUnsafeBufferPointer { try answer.read($0) }
        } catch {
            throw .malformed("no JSON")
        }
        return try answer.checked()
    }

    private init(count: Int) {
        self.count = count
        vectors = Array(repeating: nil, count: count)
    }

    private func checked() throws(ProviderFailure) -> [[Float]] {
        if let error {
            let message = ProviderMessage(["error": error])
            guard let status = ProviderMessage.status(in: error) else { throw .error(message) }
            throw .status(status, retryAfter: nil, message)
        }
        guard hasList else { throw .malformed("no list of vectors") }
        if let fault { throw fault }
        guard items == count else { throw .malformed("\(items) vectors for \(count) texts") }
        let found = vectors.compactMap { $0 }
        guard found.count == count else { throw .malformed("two vectors for one text") }
        guard found.allSatisfy({ $0.count == found[0].count }) else {
            throw .malformed("vectors of different dimensions")
        }
        return found
    }

    private mutating func note(_ fault: ProviderFailure) {
        if self.fault == nil { self.fault = fault }
    }

    // MARK: Reading

    private mutating func read(_ body: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var reader = JSONReader(body, repairsSurrogates: true)
        switch try reader.peek() {
        case .array: try readList(&reader)
        case .object:
            try reader.readObject { (reader, key) throws(JSONError) in
                switch (key, try reader.peek()) {
                case ("data", .array): try readList(&reader)
                case ("error", let kind) where kind != .null: error = try reader.readValue()
                default: try reader.skipValue()
                }
            }
        default: try reader.skipValue()
        }
        try reader.finish()
    }

    private mutating func readList(_ reader: inout JSONReader) throws(JSONError) {
        hasList = true
        try reader.readArray { (reader) throws(JSONError) in
            guard try reader.peek() == .object else {
                note(.malformed("a vector is no object"))
                try reader.skipValue()
                return
            }
            try readItem(&reader)
        }
    }

    private mutating func readItem(_ reader: inout JSONReader) throws(JSONError) {
        // Some servers number nothing.
        var index = items
        var vector: [Float] = []
        try reader.readObject { (reader, key) throws(JSONError) in
            switch (key, try reader.peek()) {
            case ("index", .number): index = try reader.readValue().int ?? -1
            case ("embedding", .array): vector = try readNumbers(&reader, depth: 0)
            case ("embedding", .string): vector = Self.floats(try reader.readBase64()) ?? []
            default: try reader.skipValue()
            }
        }
        items += 1
        guard vectors.indices.contains(index) else { return note(.malformed("a vector for no text")) }
        guard (1...Self.maximumDimensions).contains(vector.count) else {
            return note(.malformed("a vector of \(vector.count) dimensions"))
        }
        guard let unit = Self.normalised(vector) else { return note(.unusable("a vector that is zero, or not finite")) }
        vectors[index] = unit
    }

    private mutating func readNumbers(_ reader: inout JSONReader, depth: Int) throws(JSONError) -> [Float] {
        var numbers: [Float] = []
        var rows = 0
        try reader.readArray { (reader) throws(JSONError) in
            switch try reader.peek() {
            case .number: numbers.append(Float(try reader.readValue().double ?? .nan))
            case .array where depth == 0:
                rows += 1
                numbers += try readNumbers(&reader, depth: 1)
            default:
                note(.unusable("a vector with something that is no number"))
                try reader.skipValue()
            }
        }
        // A server without pooling sends a vector for each token.
        if rows > 1 { note(.malformed("several vectors for one text: the server must pool them")) }
        return numbers
    }

    private static func floats(_ bytes: [UInt8]?) -> [Float]? {
        guard let bytes, bytes.count % 4 == 0 else { return nil }
        return bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
    }

    /// The vector of length 1 in the same direction; nil if it has none.
    private static func normalised(_ vector: [Float]) -> [Float]? {
        let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square.isFinite, square > 0 else { return nil }
        let factor = 1 / square.squareRoot()
        return vector.map { Float(Double($0) * factor) }
    }
}
