import Answering
import Extraction
import Foundation
import Language

/// The licence texts that Debian installs, in passages, with a small BM25 search over them.
struct LicenceLibrary {
    static let names = ["GPL-3", "Apache-2.0", "MPL-2.0", "CC0-1.0", "Artistic"]

    /// Nil where the texts are not installed.
    static let installed = LicenceLibrary(folder: "/usr/share/common-licenses")

    struct Entry {
        let document: String
        let passage: PassageDraft
        let counts: [String: Int]
        let length: Double
    }

    let entries: [Entry]

    init?(folder: String) {
        var entries: [Entry] = []
        for name in Self.names {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                let text = try? TextExtractor.extract(Array(data), as: .text)
            else { return nil }
            for passage in PassageSplitter.split(text) {
                let stems = Self.words(of: passage.content).map { Stemmers.stem($0, in: .english) }
                let counts = Dictionary(stems.map { ($0, 1) }, uniquingKeysWith: +)
                entries.append(
                    Entry(
                        document: name, passage: passage, counts: counts,
                        length: Double(stems.count)))
            }
        }
        self.entries = entries
    }

    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var analyzer = Analyzer([])
        var text = text
        text.withUTF8 { utf8 in
            _ = analyzer.terms(of: utf8) { term, occurrence in
                if occurrence.kind == .word { words.append(String(decoding: term, as: UTF8.self)) }
            }
        }
        return words
    }

    /// The best passages for the significant words of a question, numbered from 1.
    func search(_ question: String, limit: Int = 24) -> [EvidencePassage] {
        let words = Self.words(of: question)
        let terms = Set(words.filter { !StopWords.contains($0) }.map { Stemmers.stem($0, in: .english) }).sorted()
        let average = entries.reduce(0) { $0 + $1.length } / Double(entries.count)
        let idf = terms.map { term in
            let count = Double(entries.count { $0.counts[term] != nil })
            return log(1 + (Double(entries.count) - count + 0.5) / (count + 0.5))
        }
        let scored = entries.map { entry in
            zip(terms, idf).reduce(0.0) { sum, pair in
                let frequency = Double(entry.counts[pair.0] ?? 0)
                let norm = 1.2 * (0.25 + 0.75 * entry.length / average)
                return sum + pair.1 * frequency * 2.2 / (frequency + norm)
            }
        }
        let possible = 2.2 * idf.reduce(0, +)
        let best = scored.indices.filter { scored[$0] > 0 }
            .sorted { scored[$0] > scored[$1] }.prefix(limit)
        return best.enumerated().map { rank, index in
            EvidencePassage(
                number: rank + 1, documentName: entries[index].document,
                heading: entries[index].passage.heading, content: entries[index].passage.content,
                score: scored[index], wordScore: scored[index] / possible)
        }
    }
}
