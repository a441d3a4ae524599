import Foundation
import Testing

/// The language of documents: as stated, or as detected; and what it changes in search.
@Suite struct DocumentLanguageTests {
    private static let german = "Die Lieferung der Maschinen wird in zwei Wochen an alle Häuser versandt."

    @Test(arguments: Transport.allCases) func documentsTellTheirLanguage(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        func upload(_ text: String, _ fields: [String: String] = [:]) throws -> Answer {
            try client.upload(
                [("a.txt", "text/plain", Data(text.utf8))], to: people.workspace, token: people.owner, fields: fields)
        }
        let detected = try upload(Self.german)
        #expect(detected.status == 201 && detected.data["language"] as? String == "de")
        #expect(try upload("Quinoa 12").data["language"] == nil)
        #expect(try upload("Casa", ["language": "it"]).data["language"] as? String == "it")
        #expect(try upload("Haus", ["language": "klingon"]).fields == ["language"])
        #expect(try upload("Maison", ["language": ""]).status == 201)

        let stated = try upload(Self.german, ["language": "nl"])
        #expect(stated.status == 201 && stated.data["language"] as? String == "nl", "it replaces what was detected")
        #expect(stated.data["id"] as? String != detected.data["id"] as? String)
        let again = try upload(Self.german, ["language": "nl"])
        #expect(again.status == 200 && again.data["id"] as? String == stated.data["id"] as? String)
    }

    @Test func wordsAreFoundInTheFormsOfTheLanguage() throws {
        let client = try TestClient(.pipe)
        let people = try client.people()
        let texts = [
            ("de.txt", Self.german), ("ru.txt", "Все договоры и накладные лежат здесь, в этом шкафу."),
            ("es.txt", "Las facturas y los contratos están en la carpeta de la oficina."),
            ("en.txt", "Our policies are on the shelf, and the children have read them."),
        ]
        for (name, text) in texts {
            _ = try client.upload(
                [(name, "text/plain", Data(text.utf8))], to: people.workspace, token: people.owner)
        }
        let wanted = [
            "Haus": "de.txt", "Maschine": "de.txt", "договор": "ru.txt", "factura": "es.txt", "policy": "en.txt",
            "child": "en.txt", "STRASSE": "",
        ]
        for (query, name) in wanted {
            let found = try client.call(
                "search-documents", token: people.owner, path: ["workspaceId": people.workspace],
                body: ["query": query])
            let names = (found.data["results"] as? [[String: Any]] ?? []).compactMap { $0["documentName"] as? String }
            #expect(names == [name].filter { !$0.isEmpty }, "\(query)")
        }
    }
}
