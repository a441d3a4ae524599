/// Turns text into the token ids of the model: a unigram tokenizer as in SentencePiece (Kudo 2018), with the vocabulary of
/// XLM-RoBERTa. Of all ways to cut a text into pieces, it takes the one with the largest sum of scores.
///
/// Takes time in proportion to the text and, beside the ids, memory of at most 1 MiB.
public final class SubwordTokenizer: Sendable {
    private let vocabulary: Vocabulary
    private let normaliser: Normaliser

    /// Reads the model's sections; `deploy/scripts/model/tokenizer_sections.py` writes them.
    public init(_ file: ModelFile) throws(ModelFileError) {
        vocabulary = try Vocabulary(file)
        normaliser = try Normaliser(file)
        guard vocabulary.count <= file.config.rows else {
            throw file.damaged("there are more pieces than rows of embeddings")
        }
    }

    /// The ids of a text with the prefix of its role, between those of the start and the end.
    /// - Parameter limit: the most ids, at least 2. What follows is cut off.
    public func tokens(of text: String, as role: TextRole, limit: Int = .max) -> [UInt32] {
        var text = text
        var ids = [vocabulary.start]
        let content = max(0, limit - 2)
        let prefix: StaticString = role == .query ? "query: " : "passage: "
        let prefixBytes = UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
        text.withUTF8 { text in
            var reading = NormalisedText(prefixBytes, text)
            let lattice = Lattice(vocabulary, expecting: prefixBytes.count + text.count)
            while ids.count - 1 < content {
                let isLast = lattice.fill { normaliser.append(&reading, to: &$0) }
                lattice.search(isLast: isLast, limit: content - (ids.count - 1), into: &ids)
                if isLast { break }
            }
        }
        ids.append(vocabulary.end)
        return ids
    }
}
