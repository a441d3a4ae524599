import Wire

/// Reads a collection in the layout of SQuAD (Rajpurkar et al. 2016), which XQuAD and others share:
/// `data[].paragraphs[].qas[]`.
///
/// Each article becomes a Markdown file with its title as the heading. Questions without an answer, which SQuAD 2.0 has,
/// are left out.
enum SQuADReader {
    private struct Paragraph {
        var context: String?
        var questions: [(text: String, golds: [String])] = []
    }

    private struct Article {
        var title = ""
        var paragraphs: [Paragraph] = []
    }

    static func read(_ path: String) throws(EvaluationFailure) -> TestCollection {
        let bytes = try CollectionReader.bytes(path)
        let articles: [Article]
        do throws(JSONError) {
            articles = try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
                var reader = JSONReader(bytes)
                let articles = try readFile(&reader)
                try reader.finish()
                return articles
            }
        } catch {
            throw CollectionReader.damaged(path, bytes, error)
        }
        var questions: [TestCollection.Question] = []
        for (number, article) in articles.enumerated() {
            for question in article.paragraphs.flatMap(\.questions) where !question.golds.isEmpty {
                questions.append(
                    .init(text: question.text, wanted: .passage(golds: question.golds, document: number)))
            }
        }
        guard !questions.isEmpty else { throw .unreadable("\(path): has no question with an answer") }
        return TestCollection(
            name: CollectionReader.name(path), documents: articles.enumerated().map(document), questions: questions,
            judgesDocuments: false)
    }

    private static func document(_ number: Int, _ article: Article) -> TestCollection.Document {
        let title = article.title.isEmpty ? "Article \(number + 1)" : article.title
        let text = article.paragraphs.compactMap(\.context).joined(separator: "\n\n")
        let heading = title.split(atByte: "_", omittingEmptySubsequences: false).joined(separator: " ")
        return .init(
            id: String(number), fileName: String(String.UnicodeScalarView(title.unicodeScalars.prefix(60))) + ".md",
            text: "# \(heading)\n\n\(text)\n")
    }

    // MARK: JSON

    private static func readFile(_ reader: inout JSONReader) throws(JSONError) -> [Article] {
        var articles: [Article]?
        try reader.readObject { reader, key throws(JSONError) in
            guard key == "data" else { return _ = try reader.skipValue() }
            var read: [Article] = []
            try reader.readArray { reader throws(JSONError) in read.append(try readArticle(&reader)) }
            articles = read
        }
        guard let articles else { throw JSONError(reason: "there is no \"data\"", offset: 0) }
        return articles
    }

    private static func readArticle(_ reader: inout JSONReader) throws(JSONError) -> Article {
        var article = Article()
        try reader.readObject { reader, key throws(JSONError) in
            switch key {
            case "title": article.title = try readText(&reader)
            case "paragraphs":
                try reader.readArray { reader throws(JSONError) in
                    article.paragraphs.append(try readParagraph(&reader))
                }
            default: try reader.skipValue()
            }
        }
        return article
    }

    private static func readParagraph(_ reader: inout JSONReader) throws(JSONError) -> Paragraph {
        var paragraph = Paragraph()
        try reader.readObject { reader, key throws(JSONError) in
            switch key {
            case "context": paragraph.context = try readText(&reader)
            case "qas":
                try reader.readArray { reader throws(JSONError) in
                    paragraph.questions.append(try readQuestion(&reader))
                }
            default: try reader.skipValue()
            }
        }
        if paragraph.context == nil { throw JSONError(reason: "a paragraph has no \"context\"", offset: reader.offset) }
        return paragraph
    }

    private static func readQuestion(
        _ reader: inout JSONReader
    ) throws(JSONError) -> (text: String, golds: [String]) {
        var text: String?
        var golds: [String] = []
        try reader.readObject { reader, key throws(JSONError) in
            switch key {
            case "question": text = try readText(&reader)
            case "answers":
                try reader.readArray { reader throws(JSONError) in
                    try reader.readObject { reader, key throws(JSONError) in
                        guard key == "text" else { return _ = try reader.skipValue() }
                        golds.append(try readText(&reader))
                    }
                }
            default: try reader.skipValue()
            }
        }
        guard let text else { throw JSONError(reason: "a question has no \"question\"", offset: reader.offset) }
        return (text, golds)
    }

    private static func readText(_ reader: inout JSONReader) throws(JSONError) -> String {
        guard try reader.peek() == .string else { throw JSONError(reason: "should be a string", offset: reader.offset) }
        return try reader.readString()
    }
}
