"""A store of objects: moto, which checks every signature in a header with botocore's code, behind a server that checks
presigned URLs, which moto does not, and that fails on command."""

import base64
import datetime
import hashlib
import http.client
import http.server
import json
import logging
import os
import threading
import time
import urllib.request
from unittest import mock
from urllib.parse import parse_qsl, quote, unquote, urlsplit

# The first requests, which make the accounts, need no signature.
SETUP_REQUESTS = 7
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = str(SETUP_REQUESTS)

import boto3  # noqa: E402
from botocore.auth import S3SigV4QueryAuth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402
from moto.core.authorization import ActionAuthenticatorMixin  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

logging.getLogger("werkzeug").setLevel(logging.ERROR)
REGION = "eu-central-1"
BUCKET = "documents"
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]})


class Store:
    """moto and the server in front of it, at `endpoint`."""

    def __init__(self):
        self.moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.moto.start()
        self.moto_address = self.moto.get_host_and_port()
        # Its state is one for the whole process.
        host, port = self.moto_address
        urllib.request.urlopen(f"http://{host}:{port}/moto-api/reset", b"").close()
        ActionAuthenticatorMixin.request_count = 0
        iam = self._client("iam", "any", "any")
        iam.create_user(UserName="nexlayer")
        key = iam.create_access_key(UserName="nexlayer")["AccessKey"]
        iam.put_user_policy(UserName="nexlayer", PolicyName="all", PolicyDocument=EVERYTHING)
        role = iam.create_role(RoleName="task", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        iam.put_role_policy(RoleName="task", PolicyName="all", PolicyDocument=EVERYTHING)
        self.temporary = self._client("sts", "any", "any").assume_role(
            RoleArn=role, RoleSessionName="one")["Credentials"]
        self._client("s3", "any", "any").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.key_id, self.secret = key["AccessKeyId"], key["SecretAccessKey"]
        self.client = self._client("s3", self.key_id, self.secret)
        self.failures, self.delay, self.seen = [], 0, []
        self.port = 0
        self.start()

    def _client(self, service, key_id, secret):
        host, port = self.moto_address
        return boto3.client(
            service, REGION, endpoint_url=f"http://{host}:{port}", aws_access_key_id=key_id, aws_secret_access_key=secret,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1},
                          request_checksum_calculation="when_required", response_checksum_validation="when_required"))

    # The server in front

    def start(self):
        store = self

        class Handler(_Front):
            pass

        Handler.store = store
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def stop(self):
        """Refuses connections until `start`."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def close(self):
        self.stop()
        self.moto.stop()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def variables(self, prefix="", **others):
        path = "".join(f"/{quote(part, safe='')}" for part in prefix.split("/") if part)
        return {"BLOBS": f"s3://{BUCKET}{path}?region={REGION}&endpoint={quote(self.endpoint, safe='')}",
                "AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret, **others}

    # Objects

    def keys(self, prefix=""):
        found = self.client.list_objects_v2(Bucket=BUCKET, Prefix=prefix, EncodingType="url").get("Contents", [])
        return sorted(unquote(each["Key"]) for each in found if not each["Key"].endswith("health"))

    def bytes(self, key):
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def credentials(self, authorization):
        """What a container asks for."""
        if authorization != "Bearer of a container":
            return 403, b""
        end = self.temporary["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")
        return 200, json.dumps({
            "AccessKeyId": self.temporary["AccessKeyId"], "SecretAccessKey": self.temporary["SecretAccessKey"],
            "Token": self.temporary["SessionToken"], "Expiration": end}).encode()

    def presigned_query(self, method, url, headers, at):
        """What botocore makes of a presigned URL, without the signature in it."""
        parts = urlsplit(url)
        given = dict(parse_qsl(parts.query, keep_blank_values=True))
        own = {name: value for name, value in given.items() if not name.startswith("X-Amz-")}
        token = given.get("X-Amz-Security-Token")
        secret = self.temporary["SecretAccessKey"] if token else self.secret
        request = AWSRequest(method, f"{parts.scheme}://{parts.netloc}{parts.path}", params=own)
        for name, value in headers.items():
            request.headers[name] = value
        with mock.patch("botocore.auth.get_current_datetime", lambda: at):
            S3SigV4QueryAuth(
                Credentials(given["X-Amz-Credential"].split("/")[0], secret, token), "s3", REGION,
                expires=int(given["X-Amz-Expires"])).add_auth(request)
        return dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))


class _Front(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store = None

    def log_message(self, *_):
        pass

    def handle_one(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        store = self.store
        store.seen.append((self.command, self.path, dict(self.headers), size))
        if self.path == "/credentials":
            return self.answer(*store.credentials(self.headers.get("Authorization")))
        if store.delay:
            time.sleep(store.delay)
        if store.failures:
            return self.answer(store.failures.pop(0), b"<Error><Code>SlowDown</Code></Error>")
        if "X-Amz-Signature=" in self.path:
            return self.presigned(body)
        declared = self.headers.get("x-amz-content-sha256")
        if declared and declared != hashlib.sha256(body).hexdigest():
            return self.answer(400, b"<Error><Code>XAmzContentSHA256Mismatch</Code></Error>")
        self.forward(body)

    do_GET = do_PUT = do_DELETE = do_HEAD = do_POST = handle_one

    def forward(self, body):
        connection = http.client.HTTPConnection(*self.store.moto_address, timeout=30)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        got = connection.getresponse()
        self.answer(got.status, got.read(), {
            name: value for name, value in got.getheaders()
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "server", "date")})
        connection.close()

    def presigned(self, body):
        url = self.store.endpoint + self.path
        query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        at = datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        if "Authorization" in self.headers:
            return self.answer(400, b"<Error><Code>InvalidArgument</Code></Error>")
        if datetime.datetime.now(datetime.timezone.utc) > at + datetime.timedelta(seconds=int(query["X-Amz-Expires"])):
            return self.answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        signed = {name: self.headers.get(name, "") for name in query["X-Amz-SignedHeaders"].split(";")}
        if self.store.presigned_query(self.command, url, signed, at) != query:
            return self.answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
        key = unquote(urlsplit(url).path).split("/", 2)[2]
        if self.command == "PUT":
            checksum = self.headers.get("x-amz-checksum-sha256")
            if checksum and base64.b64decode(checksum) != hashlib.sha256(body).digest():
                return self.answer(400, b"<Error><Code>BadDigest</Code></Error>")
            self.store.client.put_object(Bucket=BUCKET, Key=key, Body=body)
            return self.answer(200, b"")
        more = {"Range": self.headers["Range"]} if "Range" in self.headers else {}
        try:
            found = self.store.client.get_object(Bucket=BUCKET, Key=key, **more)
        except self.store.client.exceptions.NoSuchKey:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        headers = {name.removeprefix("response-"): value for name, value in query.items() if name.startswith("response-")}
        if more:
            headers["Content-Range"] = found["ContentRange"]
        self.answer(206 if more else 200, found["Body"].read(), headers)

    def answer(self, status, body, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
