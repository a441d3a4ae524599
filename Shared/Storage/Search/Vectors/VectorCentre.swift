import Models

/// What all vectors of a model have in common, as the mean of some texts that have nothing in common.
enum VectorCentre {
    /// Makes it anew.
    static func make(by embedder: PassageEmbedder) throws -> [Float] {
        let vectors = try embedder.vectors(of: texts)
        var sum = [Float](repeating: 0, count: embedder.model.dimensions)
        for vector in vectors { for (index, value) in vector.enumerated() { sum[index] += value } }
        return sum.map { $0 / Float(max(1, vectors.count)) }
    }

    /// A text that every model embeds.
    static var sample: String { texts[0] }

    private static let texts = [
        "The ferry leaves the harbour at six in the morning and returns before dark.",
        "Invoices are payable within thirty days. After that, interest of four percent is charged.",
        "Press the red button for three seconds to reset the device to its factory settings.",
        "In 1848, revolutions broke out in many cities, and several governments fell.",
        "Der Vertrag kann mit einer Frist von drei Monaten zum Quartalsende gekündigt werden.",
        "Zellen gewinnen Energie, indem sie Zucker mit Sauerstoff zu Wasser und Kohlendioxid umsetzen.",
        "Le conseil municipal a voté le budget des écoles pour l'année prochaine.",
        "Mezcle la harina con los huevos y deje reposar la masa durante una hora.",
        "Правила безопасности обязательны для всех сотрудников завода.",
        "Температура на поверхности планеты колеблется от −120 до 20 градусов.",
        "员工每年享有二十天带薪年假，未休完的可以顺延到第二年。",
        "この装置は毎秒およそ千件の要求を処理できます。",
        "नदी के किनारे बसे गाँवों में मानसून के दौरान बाढ़ का ख़तरा रहता है।",
        "يجب تقديم طلب التأشيرة قبل موعد السفر بثلاثة أسابيع على الأقل.",
        "Takım, son dakikada atılan golle ligde ikinci sıraya yükseldi.",
        "func main() { print(\"hello\") } // returns 0 on success",
    ]
}

extension VectorSets {
    /// The centre of another set of a model, which is the same; nil if there is none.
    func knownCentre(of model: EmbeddingModel) throws -> [Float]? {
        let found: [VectorSet] = try database.all(
            from: "vector_sets WHERE model = \(model.name) AND dimensions = \(model.dimensions) LIMIT 10")
        return found.first(where: \.isWhole)?.centre
    }
}
