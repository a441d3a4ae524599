import Testing

@testable import Language

struct SearchQueryTests {
    @Test(arguments: [
        (
            "modified \"Source Versions\" -Apache -\"no warranty\" the Modified",
            "+source+versions modified*2 -apache -no+warranty"
        ),
        ("tar --exclude-from -x", "tar excludefrom exclude x"), ("a -b c -dd", "b -dd"),
        ("“exact words” more", "+exact+words"), ("\"unbalanced quote", "unbalanced quote"),
        ("NEAR(x y)* col:z ^w", "near x y col z w"), ("- nil", "nil"), ("5\" pipe", "5 pipe"),
        ("who is it", "who is it"), ("the \"free software\"", "+free+software"),
        ("-only -these", "only these"),
        ("-alpha -beta", "alpha beta"), ("\"one\"", "+one"), ("don't stop", "stop"),
    ])
    func takesWordsPhrasesAndExclusionsApart(text: String, clauses: String) {
        #expect(described(text) == clauses)
    }

    @Test(arguments: [
        ("error -1073741819", "error -1073741819 1073741819*.5"), ("−12 mm", "-12 12*.5 mm"), ("-.5", "-0.5 5*.5"),
        ("1,000.50", "1000.50 1000+50*.5"), ("1 000", "1000 1+000*.5"), ("1,000", "1000|1.000"),
        ("155,34", "155.34 155+34*.5"),
        ("10.0.0.1", "10.0.0.1 10+0+0+1*.5"), ("2024-03-05", "2024-03-05 2024+03+05*.5"),
        ("v1.2.3", "v1.2.3 v 1.2.3 1+2+3*.5"), ("PPR-9087", "ppr9087 ppr 9087"), ("ppr9087", "ppr9087 ppr 9087"),
        ("getUserById", "getuserbyid user id"), ("GitHub", "git*.5 hub*.5 git+hub*.5 github"),
        ("C++", "c++"),
        (".NET", ".net net*.5"), ("@user", "@user user*.5"), ("AT&T", "at&t"),
        ("l'acqua", "lacqua l acqua"),
        ("John's", "john|johns*.5"),
    ])
    func typedWordsCountAsAWholeAndByParts(text: String, clauses: String) {
        #expect(described(text) == clauses)
    }

    @Test(arguments: [
        ("员工年假 水", "员工 工年 年假 水"), ("\"二十天\" -病假", "+二十+十天"),
        ("公司的 年假", "公司 年假"),
        ("年假 -病假", "年假 -病假"), ("是什么", "是什 什么"),
    ])
    func scriptsWithoutSpacesGivePairs(text: String, clauses: String) {
        #expect(described(text).hasPrefix(clauses))
    }

    @Test func wordsAreFoundByTheirStems() {
        #expect(described("policies", [.english]) == "policies*.5|~polici*.5|polici*.5")
        #expect(described("index", [.english]) == "index|~index*.5|indices*.5|~indic*.5")
        #expect(described("\"policies\" -indexes", [.english]) == "+policies -indexes|~index|index")
        #expect(described("kept", [.english]) == "kept|~kept*.5|keep*.5|~keep*.5")
        #expect(described("fatura", [.turkish]) == "fatura*.5|~fatur*.5|fatur*.5|~fatura*.5")
        #expect(described("Việt", [.vietnamese]) == "~việt*.75 viet*.25")
        #expect(described("viet", [.vietnamese]) == "viet")
    }

    @Test func neighboursInTheTextCountMore() {
        let bonuses = bonuses("big size of the ship").filter { $0.contains("+") }
        #expect(bonuses == ["big+size*.2", "size+of*.2", "the+ship*.2"])
        #expect(self.bonuses("maxTryCat") == ["max+try*.2", "try+cat*.2"])
        #expect(self.bonuses("10.0.0.1 \"a b\"") == [])
    }

    @Test func wordsThatCarryNoTopicFindNothingByThemselves() {
        #expect(bonuses("the cat") == ["the*.25", "the+cat*.2"])
        #expect(bonuses("公司的") == ["公*.2", "司的*.25", "司*.2", "的*.2"])
        #expect(bonuses("the") == [])
        let question = described("qu'est-ce que c'est, une licorne", [.french])
        #expect(question == "licorne*.5|~licorn*.5|licorn*.5|~licorne*.5")
        #expect(described("c'est", [.french]).contains("cest"))
        #expect(described("co to jest zebra") == "zebra")
    }

    /// Some have another spelling, such as `its`.
    @Test(arguments: ["it's", "what's it", "I'm", "you'll", "the"])
    func queriesOfFunctionWordsFindThem(text: String) {
        let query = SearchQuery(parsing: text, languages: [.english])
        #expect(query.clauses.contains { $0.occurrence == .should })
    }

    @Test func wordsThatBeginAlikeFindNothingByThemselves() {
        #expect(bonuses("contracts") == ["contr_*.3"])
        #expect(bonuses("Größe") == ["gross_*.3"])
        #expect(bonuses("otter") == ["otter_*.3"])
        #expect(bonuses("ship c3po1x") == ["ship+c3po1x*.2"])
    }

    @Test func questionsHaveNoOperators() {
        let query = SearchQuery(question: "What does \"find -maxdepth\" do, and -\"no such thing\"?", languages: [])
        #expect(query.clauses.allSatisfy { $0.occurrence == .should || $0.occurrence == .bonus })
        #expect(query.clauses.filter { $0.boost == 1 }.map(Self.described) == ["find", "maxdepth", "thing"])
        #expect(SearchQuery(question: " -\"").isEmpty)
    }

    @Test(arguments: ["", "  ", "\"\"", "\"", "-", "- -\"", "***", "\u{301}"])
    func isEmptyWithoutAnythingToLookFor(text: String) {
        #expect(SearchQuery(parsing: text).isEmpty)
    }

    @Test func isBounded() {
        let words = (0..<500).map { "w\($0)w" }
        #expect(SearchQuery(parsing: words.joined(separator: " ")).clauses.count { $0.occurrence == .should } == 64)
        let excluding = "x " + words.map { "-\($0)" }.joined(separator: " ")
        #expect(SearchQuery(parsing: excluding).clauses.count { $0.occurrence == .mustNot } == 64)
        let long = SearchQuery(parsing: "\"\(words.joined(separator: " "))\"", languages: []).clauses
        #expect(long.first?.words.count == 16 && long.count { $0.occurrence == .should } == 64)
        let many = (0..<12).map { "\"a b\($0)c\"" }.joined(separator: " ") + " -\"c d\" -ee"
        let clauses = SearchQuery(parsing: many, languages: []).clauses
        #expect(clauses.count { $0.occurrence == .must } == 8)
        #expect(clauses.filter { $0.occurrence == .mustNot }.map(Self.described) == ["-ee"])
    }

    @Test(arguments: ["\"", "-", "\"a\" ", "-\"a\"", "a ", "1 000 ", "aB", "年", "“", "\"- "])
    func readsHostileTextInLinearTime(piece: String) {
        let start = ContinuousClock.now
        _ = SearchQuery(parsing: String(repeating: piece, count: 300_000 / piece.utf8.count))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    /// `+` before required phrases and `-` before exclusions, `+` between their words, `|` between alternatives, `~`
    /// for the byte of a language, `*` before boosts and weights, `_` after beginnings. Bonuses
    /// are left out.
    private func described(_ text: String, _ languages: [TextLanguage] = []) -> String {
        SearchQuery(parsing: text, languages: languages).clauses.filter { $0.occurrence != .bonus }.map(Self.described)
            .joined(separator: " ")
    }

    private func bonuses(_ text: String) -> [String] {
        SearchQuery(parsing: text, languages: []).clauses.filter { $0.occurrence == .bonus }.map(Self.described)
    }

    private static func described(_ clause: QueryClause) -> String {
        let words = clause.words.map { word in
            word.map { spelled($0.bytes) + ($0.isPrefix ? "_" : "") + factor($0.weight) }.joined(separator: "|")
        }
        let sign = clause.occurrence == .must ? "+" : clause.occurrence == .mustNot ? "-" : ""
        return sign + words.joined(separator: "+") + factor(clause.boost)
    }

    private static func spelled(_ term: [UInt8]) -> String {
        let isStem = term.first.map { $0 < 0x20 } ?? false
        return (isStem ? "~" : "") + String(decoding: term.dropFirst(isStem ? 1 : 0), as: UTF8.self)
    }

    private static func factor(_ factor: Double) -> String {
        if factor == 1 { return "" }
        return factor == factor.rounded() ? "*\(Int(factor))" : "*" + "\(factor)".dropFirst()
    }
}
