import Foundation
import Testing

/// The payload formats that gateways send, and the response in each of them.
@Suite struct EnvelopeTests {
    private func send(_ envelope: [String: Any], to name: String = "list-workspaces") throws -> Answer {
        let installation = try Installation()
        return try #require(try installation.batch(name, [envelope]).first)
    }

    @Test func payload2GetsItsRequestIdBack() throws {
        let answer = try send([
            "version": "2.0", "rawPath": "/api/v1/workspaces", "headers": ["x-request-id": "abc-1"],
            "requestContext": ["requestId": "other", "http": ["method": "GET", "path": "/api/v1/workspaces"]],
        ])
        #expect(answer.status == 401)
        #expect(answer.headers["x-request-id"] == "abc-1")
        #expect(answer.error["requestId"] as? String == "abc-1")
        #expect(answer.headers["www-authenticate"] == "Bearer")
    }

    @Test func anInsaneRequestIdIsReplaced() throws {
        let answer = try send(["headers": ["X-Request-Id": "a\nb"]])
        #expect(answer.headers["x-request-id"]?.count == 26)
    }

    @Test func payload1AndLoadBalancersAreUnderstood() throws {
        let rest = try send(["httpMethod": "POST", "path": "/api/v1/workspaces", "requestContext": ["requestId": "r1"]])
        #expect(rest.status == 405)
        #expect(rest.headers["allow"] == "GET, HEAD, OPTIONS")
        let balancer = try send([
            "httpMethod": "GET", "path": "/api/v1/elsewhere", "requestContext": ["elb": ["targetGroupArn": "x"]],
        ])
        #expect(balancer.status == 404)
        #expect(balancer.line["statusDescription"] as? String == "404 Not Found")
    }

    @Test func pathsAreTakenApartWhereTheGatewayDidNot() throws {
        let installation = try Installation()
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let answer = try #require(
            try installation.batch(
                "get-workspace",
                [["rawPath": "/api/v1/workspaces/\(workspace)", "headers": ["authorization": "Bearer \(token)"]]]
            ).first)
        #expect(answer.status == 200)
        #expect(answer.data["id"] as? String == workspace)
    }

    @Test func aPathOfSomebodyElseIsNotFoundWhateverTheMethod() throws {
        #expect(try send(["httpMethod": "POST", "path": "/api/v1/elsewhere"]).status == 404)
        // A catch-all route has a path parameter that is not one of ours.
        let proxied: [String: Any] = ["pathParameters": ["proxy": "api/v1/elsewhere"], "path": "/api/v1/elsewhere"]
        #expect(try send(proxied).status == 404)
        #expect(try send(["httpMethod": "GET", "path": "/api/v1/%77orkspaces"]).status == 401)
    }

    /// Each kind of endpoint names the kind of body that it accepts.
    @Test func bodiesOfTheOtherKindAreRefused() throws {
        let installation = try Installation()
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        func send(_ name: String, _ type: String, _ body: String) throws -> Answer {
            let envelope: [String: Any] = [
                "headers": ["authorization": "Bearer \(token)", "content-type": type],
                "requestContext": ["http": ["method": "POST"]], "pathParameters": ["workspaceId": workspace],
                "body": body,
            ]
            return try #require(try installation.batch(name, [envelope]).first)
        }
        let form = "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nHandbook\r\n--XX--\r\n"
        let asForm = try send("create-workspace", "multipart/form-data; boundary=XX", form)
        #expect(asForm.status == 415 && (asForm.error["message"] as? String)?.contains("application/json") == true)
        let asText = try send("upload-document", "text/plain", "some text")
        #expect(asText.status == 415 && (asText.error["message"] as? String)?.contains("multipart/form-data") == true)
        // JSON names an upload instead.
        #expect(try send("upload-document", "application/json", "{}").fields == ["uploadId"])
        #expect(try send("upload-document", "multipart/form-data; boundary=XX", form).fields == ["file"])
    }

    @Test func aClientCertificateIsNoObstacle() throws {
        let identity: [String: Any] = ["sourceIp": "192.0.2.1", "clientCert": ["subjectDN": "CN=x", "validity": [:]]]
        let event: [String: Any] = [
            "httpMethod": "GET", "path": "/api/v1/health", "requestContext": ["identity": identity],
        ]
        #expect(try send(event, to: "health").status == 200)
    }

    @Test func arraysMayHaveWhiteSpaceBeforeTheirItems() throws {
        let installation = try Installation()
        let envelope = #"{"cookies": [ "a=1",  "b=2" ], "multiValueHeaders": {"x-a": [ "1", "2" ]}}"#
        let output = try installation.run("health", input: Data((envelope + "\n").utf8))
        #expect(try Answer.lines(output.standardOutput).first?.status == 200)
    }

    @Test func theBodyOfAGetMeansNothing() throws {
        let event: [String: Any] = ["httpMethod": "GET", "path": "/api/v1/health", "body": "no JSON"]
        #expect(try send(event, to: "health").status == 200)
    }

    @Test func headHasNoBody() throws {
        let answer = try send(["requestContext": ["http": ["method": "HEAD"]]], to: "health")
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
    }

    @Test func bodiesOverHTTPNeedAContentType() throws {
        let http: [String: Any] = ["http": ["method": "POST"]]
        let without = try send(["requestContext": http, "body": "{}"], to: "login")
        #expect(without.status == 415 && without.code == "UNSUPPORTED_MEDIA_TYPE")
        let with = try send(
            ["requestContext": http, "body": "{}", "headers": ["Content-Type": "application/json; charset=utf-8"]],
            to: "login")
        #expect(with.status == 422 && with.fields == ["email", "password"])
        let broken = try send(["body": "{"], to: "login")
        #expect(broken.status == 400 && broken.code == "BAD_REQUEST")
    }

    @Test func manyHeadersTakeNoQuadraticTime() throws {
        let many = (0..<50_000).map { "\"h\($0)\":\"\"," }.joined()
        let line = "{\"headers\":{\"x-request-id\":\"first\",\(many)\(many)\"X-Request-Id\":\"last\"}}\n"
        let installation = try Installation()
        let start = ContinuousClock.now
        let output = try installation.run("list-workspaces", input: Data(line.utf8))
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(try Answer.lines(output.standardOutput).first?.headers["x-request-id"] == "last")
    }

    @Test func twentyProcessesMayOpenANewFolderAtOnce() throws {
        let installation = try Installation()
        let waiting = try (0..<20).map { number in
            let body: [String: Any] = ["email": "u\(number)@example.com", "password": "correct horse", "name": "U"]
            return try installation.start(
                "register", input: try JSONSerialization.data(withJSONObject: ["body": body]))
        }
        let answers = try waiting.map { try #require(try Answer.lines($0().standardOutput).first) }
        #expect(answers.map(\.status) == Array(repeating: 201, count: 20))
        let roles = answers.compactMap { ($0.data["user"] as? [String: Any])?["role"] as? String }
        #expect(roles.filter { $0 == "admin" }.count == 1, "only the first user is the administrator")
    }
}
