import Language
import Wire

/// The language of a question.
///
/// ``StopWords`` tells languages apart by several words. Short questions have only one: "Wer wartet die Heizung?"
enum QuestionLanguage {
    /// - Parameter words: the words of the question in order, folded.
    static func of(_ words: [String]) -> StopWords.Language {
        let known = StopWords.language(of: words)
        guard let first = words.first, known == .english || !StopWords.contains(first, in: known) else { return known }
        let second = words.dropFirst().first ?? ""
        for (language, openers) in openers {
            guard openers.alone.contains(first) || openers.withVerb == first && openers.verbs.contains(second) else {
                continue
            }
            // Other languages share question words with these: the Dutch "wie", the Portuguese "quando".
            let count = Set(words).count { StopWords.contains($0, in: language) }
            return count >= OtherLanguages.count(in: words) ? language : known
        }
        return known
    }

    private struct Openers {
        /// Words that begin no English question.
        let alone: Set<String>
        /// A word that does, or that two languages have, and the verbs that tell.
        let withVerb: String
        let verbs: Set<String>
    }

    private static let openers: [(StopWords.Language, Openers)] = [
        (
            .german,
            Openers(
                alone: words(
                    """
                    wer wem wen wessen wann wo wie wieso warum weshalb welche welcher welches welchen welchem wieviel \
                    wieviele woher wohin wozu womit wodurch wofur woran worin worauf woraus
                    """),
                withVerb: "was",
                verbs: words(
                    """
                    bedeutet bedeuten heißt heissen heißen heisst macht machen ist sind kostet kosten passiert geschieht gilt \
                    gelten gehort steht stehen sagt wiegt tut tun kann muss darf soll gibt wird wurde hat haben braucht \
                    brauche benotigt enthalt enthalten umfasst regelt fehlt meint bezeichnet versteht besagt fordert \
                    verlangt liefert
                    """))
        ),
        (
            .french,
            Openers(
                alone: words("qui quand ou combien pourquoi quel quelle quels quelles quoi lequel laquelle"),
                withVerb: "que",
                verbs: words(
                    """
                    signifie signifient veut veulent fait font doit dit faut coute contient comprend designe prevoit \
                    devient
                    """))
        ),
        (
            .spanish,
            Openers(
                alone: words("quien quienes cuando cuanto cuanta cuantos cuantas donde cual cuales como"),
                withVerb: "que",
                verbs: words("es son significa significan quiere hace hacen dice pasa debe cuesta contiene incluye hay")
            )
        ),
        (
            .italian,
            Openers(
                alone: words("chi quando dove quanto quanta quanti quante quale quali perche"), withVerb: "cosa",
                verbs: words("significa significano e sono vuol vuole fa fanno dice contiene costa"))
        ),
    ]

    private static func words(_ list: String) -> Set<String> { Set(list.split(atByte: " ").map { String($0) }) }
}
