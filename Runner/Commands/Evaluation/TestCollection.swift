/// Documents, and questions with known answers.
struct TestCollection {
    /// A document as it is uploaded.
    struct Document {
        let id: String
        let fileName: String
        let text: String
    }

    struct Question {
        let text: String
        let wanted: Wanted
    }

    /// The expected result of a question.
    enum Wanted {
        /// Documents, by their ids. A grade above 0 means relevant; the higher, the more.
        case documents([String: Double])
        /// A passage of one document that contains one of these texts.
        case passage(golds: [String], document: Int)
    }

    let name: String
    let documents: [Document]
    let questions: [Question]

    /// Whether whole documents are judged (BEIR), or passages with answers (SQuAD).
    let judgesDocuments: Bool

    /// The document that tells the answer to a question; nil if that is not known.
    func source(of question: Question) -> Int? {
        guard case .passage(_, let document) = question.wanted else { return nil }
        return document
    }

    /// This collection without every second document, and the questions that only those left out can answer.
    // NB: in loops, because the optimiser of Swift 6.3 crashes on closures here.
    var halved: TestCollection {
        var kept: [Document] = []
        for (index, document) in documents.enumerated() where index.isMultiple(of: 2) { kept.append(document) }
        var unanswerable: [Question] = []
        for question in questions {
            if let source = source(of: question), !source.isMultiple(of: 2) { unanswerable.append(question) }
        }
        return TestCollection(
            name: name, documents: kept, questions: unanswerable, judgesDocuments: judgesDocuments)
    }
}

/// Why an evaluation ended early.
enum EvaluationFailure: Error {
    /// A signal arrived.
    case interrupted
    /// A collection cannot be read.
    case unreadable(String)
    /// The functions cannot be called, or failed.
    case failed(String)
    /// The setup is wrong; it has been reported with this exit code.
    case reported(code: Int32)
}
