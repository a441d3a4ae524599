import Testing

@testable import Language

struct InflectedFormsTests {
    @Test(arguments: [
        ("condição", "condições", TextLanguage.portuguese), ("cão", "cães", .portuguese), ("mão", "mãos", .portuguese),
        ("papel", "papéis", .portuguese), ("animal", "animais", .portuguese), ("lápiz", "lápices", .spanish),
        ("sopimus", "sopimukset", .finnish), ("ihminen", "ihmiset", .finnish), ("kysymys", "kysymyksen", .finnish),
        ("हिंदी", "हिन्दी", .hindi),
    ])
    func formsOfAWordHaveOneStem(word: String, form: String, language: TextLanguage) {
        #expect(!stems(word, language).isDisjoint(with: stems(form, language)))
    }

    @Test func wordsThatOnlyLookAlikeKeepTheirStems() {
        #expect(stems("mais", .portuguese).isDisjoint(with: stems("mal", .portuguese)))
        #expect(stems("pais", .portuguese).isDisjoint(with: stems("pal", .portuguese)))
    }

    private func stems(_ word: String, _ language: TextLanguage) -> Set<[UInt8]> {
        var (analyzer, text, stems) = (Analyzer(ofQueryIn: [language]), word, Set<[UInt8]>())
        text.withUTF8 { text in
            _ = analyzer.terms(of: text) { term, occurrence in
                if occurrence.kind == .stem { stems.insert(Array(term)) }
            }
        }
        return stems
    }
}
