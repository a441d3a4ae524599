import Glibc

/// `runner eval FOLDER...`
package enum EvalCommand {
    /// `EX_NOINPUT`
    private static let noInput: Int32 = 66

    package static func run(_ options: Options) -> Int32 {
        guard !options.operands.isEmpty else {
            return Terminal.fail("eval needs the folder of a test collection; see runner help eval", code: 64)
        }
        do throws(EvaluationFailure) {
            let collections = try read(options.operands)
            guard let kept = options.evaluation.kept else { return try evaluateInTemporaryFolder(collections, options) }
            let folder = Options.absolute(kept)
            guard mkdir(folder, 0o700) == 0 else {
                throw .failed("--keep \(kept): \(String(cString: strerror(errno)))")
            }
            return try evaluate(collections, options, in: folder)
        } catch {
            return code(of: error)
        }
    }

    private static func read(_ paths: [String]) throws(EvaluationFailure) -> [TestCollection] {
        var collections: [TestCollection] = []
        for path in paths {
            for collection in try CollectionReader.read(path) {
                if collections.contains(where: { $0.name == collection.name }) {
                    throw .unreadable("\(path): there is another collection named \(collection.name)")
                }
                collections.append(collection)
            }
        }
        return collections
    }

    private static func evaluateInTemporaryFolder(
        _ collections: [TestCollection], _ options: Options
    ) throws(EvaluationFailure) -> Int32 {
        guard let folder = TemporaryFolder(options.environment, name: "runner-eval") else {
            throw .failed("cannot create a temporary folder: \(String(cString: strerror(errno)))")
        }
        defer { folder.remove() }
        return try evaluate(collections, options, in: folder.path)
    }

    private static func evaluate(
        _ collections: [TestCollection], _ options: Options, in folder: String
    ) throws(EvaluationFailure) -> Int32 {
        var results: [EvaluationResult] = []
        for collection in collections {
            let result = try Evaluation(collection, options, in: folder).run()
            for mode in result.missingModes {
                warn(
                    "\(result.name): there are no vectors for mode \(mode), so words were searched; runner doctor tells why"
                )
            }
            if result.skipped > 0 { warn("\(result.name): \(result.skipped) documents have no text and were left out") }
            for failures in result.failures {
                if let first = failures.first {
                    warn("\(result.name): \(failures.count) requests failed, first: \(first)")
                }
            }
            results.append(result)
        }
        let report = EvaluationReport(results)
        Terminal.write(options.printsJSON ? report.json.pretty() + "\n" : report.table)
        let isSound = results.allSatisfy { !$0.searches.isEmpty && $0.failures.allSatisfy { $0.count == 0 } }
        return isSound ? 0 : 1
    }

    private static func warn(_ text: String) { Terminal.write("runner: \(text)\n", to: 2) }

    private static func code(of failure: EvaluationFailure) -> Int32 {
        switch failure {
        case .interrupted: Terminal.fail("interrupted", code: 130)
        case .unreadable(let reason): Terminal.fail(reason, code: noInput)
        case .failed(let reason): Terminal.fail(reason, code: 1)
        case .reported(let code): code
        }
    }
}
