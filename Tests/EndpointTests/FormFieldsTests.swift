import Endpoint
import FunctionRuntime
import Models
import Testing
import Wire

/// The fields of a form, and of the JSON that may come in its place with a reference to the file.
struct FormFieldsTests {
    private struct Input: FunctionInput {
        let files: [MultipartForm.Part]
        let reference: String?
        let size: Int?

        init(from fields: inout Fields) {
            files = fields.files("file", "The file.")
            reference = fields.insteadOfFiles("fileId", .text(1...5), "A file that is there.")
            size = fields.formField("size", .integer(0...100), "How large it is.")
        }
    }

    private func read(_ body: String, _ type: String?, isBare: Bool = true) throws -> Input {
        var request = Request()
        request.method = "POST"
        request.headers = type.map { [("content-type", $0)] } ?? []
        request.body = Array(body.utf8)
        request.isBare = isBare
        return try Fields.read(Input.self, from: request, expecting: .upload)
    }

    private func code(_ body: String, _ type: String?, isBare: Bool = true) -> APIError.Code? {
        do {
            _ = try read(body, type, isBare: isBare)
            return nil
        } catch {
            return (error as? APIError)?.code
        }
    }

    private static let form =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nbytes\r\n"
        + "--x\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n5\r\n--x--\r\n"

    @Test func aFormHasFiles() throws {
        let input = try read(Self.form, "multipart/form-data; boundary=x")
        #expect(input.files.count == 1 && input.reference == nil && input.size == 5)
    }

    @Test func jsonHasAReferenceInstead() throws {
        for (type, isBare) in [("application/json", false), ("Application/JSON; charset=utf-8", false), (nil, true)] {
            let input = try read(#"{"fileId": "abc", "size": 7}"#, type, isBare: isBare)
            #expect(input.files.isEmpty && input.reference == "abc" && input.size == 7)
        }
    }

    @Test func whatIsNeitherIsRefused() {
        #expect(code("{}", "application/json") == .validation)
        #expect(code(#"{"fileId": ""}"#, "application/json") == .validation)
        #expect(code(#"{"fileId": "abc", "size": 700}"#, "application/json") == .validation)
        #expect(code("[]", "application/json") == .validation)
        #expect(code("{", "application/json") == .badRequest)
        #expect(code("text", nil) == .unsupportedMediaType)
        #expect(code(#"{"fileId": "abc"}"#, nil, isBare: false) == .unsupportedMediaType)
        #expect(code(#"{"fileId": "abc"}"#, "text/plain") == .unsupportedMediaType)
        #expect(code("", nil) == .validation)
    }

    @Test func bothAreDescribed() throws {
        var operation = Operation(
            name: "add-thing", route: .post("/things", tag: "Things", summary: "Add a thing"), access: "user")
        Fields.describe(Input.self, in: &operation)
        let body = try #require(operation.requestBody)
        #expect(body.contentType == "multipart/form-data")
        #expect(body.schema.object?["properties"]?.object?.members.map(\.key) == ["file", "size"])
        let json = try #require(body.jsonSchema?.object)
        #expect(json["properties"]?.object?.members.map(\.key) == ["fileId", "size"])
        #expect(json["required"]?.array?.compactMap(\.string) == ["fileId"])
    }
}
