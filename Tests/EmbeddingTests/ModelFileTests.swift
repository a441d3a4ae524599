import Testing

@testable import Embedding

@Test("A folder or a missing file is no model")
func missingModelFile() {
    #expect(throws: ModelFileError.missing(path: "/nowhere/model.bin")) { try ModelFile(path: "/nowhere/model.bin") }
    #expect(throws: ModelFileError.foreign(path: "/")) { try ModelFile(path: "/") }
}
