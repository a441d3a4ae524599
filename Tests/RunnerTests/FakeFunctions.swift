/// The functions that the tests serve, as scripts.
enum FakeFunctions {
    /// Shared by all scripts: each calls `serve` with its description and a handler for one request.
    static let prelude = #"""
        #!/usr/bin/env -S python3 -SE
        import base64, json, os, sys, time
        def write(answer):
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        def reply(text, **more):
            write({"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": text, **more})
        def serve(answer, **described):
            if "--describe" in sys.argv:
                base = {"timeoutSeconds": 20, "streams": False, "maxBodyBytes": 65536, "summary": "A fake"}
                return print(json.dumps({**base, **described}))
            for line in iter(sys.stdin.readline, ""):
                request = json.loads(line)
                if "cancel" not in request: answer(request)

        """#

    static let all = [
        "echo": #"""
        def answer(request):
            write({"statusCode": 200, "headers": {"content-type": "application/json"},
                "cookies": ["a=1; Path=/", "b=2; HttpOnly"], "body": json.dumps(request)})
        serve(answer, name="echo", method="POST", path="/echo/{name}")
        """#,
        "look": #"""
        def answer(request): reply(request["pathParameters"]["name"])
        serve(answer, name="look", method="GET", path="/echo/{name}")
        """#,
        "bytes": #"""
        def answer(request):
            body = base64.b64decode(request["body"]) if request["isBase64Encoded"] else b"text"
            write({"statusCode": 200, "headers": {"content-type": "application/octet-stream"},
                "isBase64Encoded": True, "body": base64.b64encode(body[::-1]).decode()})
        serve(answer, name="bytes", method="POST", path="/bytes")
        """#,
        "flow": #"""
        def answer(request):
            write({"statusCode": 200, "headers": {"content-type": "text/plain"}, "stream": True})
            write({"chunk": "first"})
            while not os.path.exists(request["queryStringParameters"]["until"]): time.sleep(0.01)
            write({"chunk": "second"})
            write({"end": True})
        serve(answer, name="flow", method="GET", path="/flow", streams=True)
        """#,
        "tardy": #"""
        def answer(request):
            if request["body"] == "late": time.sleep(3)
            reply(request["body"])
        serve(answer, name="tardy", method="POST", path="/tardy", timeoutSeconds=2.5)
        """#,
        "moody": #"""
        def answer(request):
            body = request.get("body", "")
            if body == "crash":
                sys.stdout.write('{"statusCode":200,"bo')
                sys.stdout.flush()
                os._exit(3)
            if body == "loud":
                print("said aloud", file=sys.stderr, flush=True)
                print('{"level":"info","message":"said in JSON"}', file=sys.stderr, flush=True)
            if body == "busy": return write({"statusCode": 200, "body": body, "repeatedWrites": 3})
            if body == "garbage": return print("no JSON at all", flush=True)
            if body == "twice":
                line = json.dumps({"statusCode": 200, "body": "once"}) + "\n"
                sys.stdout.write(line + line)
                return sys.stdout.flush()
            if body == "stale":
                return write({"statusCode": 200, "headers": {"x-request-id": "another"}, "body": "stale"})
            reply(body)
        serve(answer, name="moody", method="POST", path="/moody")
        """#,
    ]
}
