import Language
import Synchronization

/// What is read from tables of words, by language. It is read when it is needed and kept: a question is compared with
/// the tables of many languages.
final class LanguageTables<Value: Sendable>: Sendable {
    private let known = Mutex<[TextLanguage: Value]>([:])
    private let read: @Sendable (TextLanguage) -> Value

    init(_ read: @escaping @Sendable (TextLanguage) -> Value) { self.read = read }

    subscript(language: TextLanguage) -> Value {
        known.withLock { known in
            if let value = known[language] { return value }
            let value = read(language)
            known[language] = value
            return value
        }
    }
}
